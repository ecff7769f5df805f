//! Removes what nobody needs.
//!
//! - A loop's parameter that each turn passes on unchanged is what it was in the beginning; a result that all paths bring alike,
//!   from outside, is that value.
//! - A block that no branch leaves before its end is just its statements.
//! - Operations, results and parameters that nothing with an effect depends on go; so do ifs that have neither, and what is stored
//!   to a local array that nobody reads.
//!
//! Loops stay: one that never ends is an effect.

use crate::ir::{End, Function, Label, Op, Region, RegionId, Stmt, Value};

/// Whether something was removed.
pub(super) fn prune(function: &mut Function) -> bool {
    let mut changed = replace_trivial(function);
    changed |= fall_through(function);
    changed |= flatten(function);
    changed | remove_dead(function)
}

/// Where values meet: the branches to each label, and which region each region is in.
struct Meetings {
    branches: Vec<Vec<RegionId>>,
    parent: Vec<Option<RegionId>>,
    defined_in: Vec<Option<RegionId>>,
}

fn meetings(function: &Function) -> Meetings {
    let mut meetings = Meetings {
        branches: vec![Vec::new(); function.labels as usize],
        parent: vec![None; function.regions.len()],
        defined_in: vec![None; function.values.len()],
    };
    for (number, region) in function.regions.iter().enumerate() {
        let id = RegionId(number as u32);
        for stmt in &region.stmts {
            Function::children(stmt).for_each(|child| meetings.parent[child.index()] = Some(id));
            match stmt {
                Stmt::Let(value, _) => meetings.defined_in[value.index()] = Some(id),
                Stmt::Block { results, .. } | Stmt::If { results, .. } => {
                    results.iter().for_each(|value| meetings.defined_in[value.index()] = Some(id));
                }
                _ => {}
            }
        }
        match &region.end {
            End::Branch(label, _) => meetings.branches[label.index()].push(id),
            End::Loop { params, body, .. } => {
                meetings.parent[body.index()] = Some(id);
                params.iter().for_each(|value| meetings.defined_in[value.index()] = Some(*body));
            }
            End::Yield(_) => {}
        }
    }
    meetings
}

impl Meetings {
    /// Whether a value is defined in a region or around it.
    fn is_visible(&self, value: Value, region: RegionId) -> bool {
        let Some(home) = self.defined_in[value.index()] else { return false };
        let mut at = Some(region);
        while let Some(region) = at {
            if region == home {
                return true;
            }
            at = self.parent[region.index()];
        }
        false
    }
}

fn brought(end: &End) -> &[Value] {
    match end {
        End::Yield(values) | End::Branch(_, values) => values,
        End::Loop { .. } => &[],
    }
}

struct Renames(Vec<Value>);

impl Renames {
    fn of(&self, mut value: Value) -> Value {
        while self.0[value.index()] != value {
            value = self.0[value.index()];
        }
        value
    }
}

fn replace_trivial(function: &mut Function) -> bool {
    let meetings = meetings(function);
    let mut renames = Renames((0..function.values.len() as u32).map(Value).collect());
    let mut changed = false;
    // One replacement may make another possible: a few rounds find nearly all, and `simplify` comes back.
    for _ in 0..3 {
        let mut again = false;
        for (number, region) in function.regions.iter().enumerate() {
            let id = RegionId(number as u32);
            for stmt in &region.stmts {
                let (results, ways): (&[Value], Vec<&[Value]>) = match stmt {
                    Stmt::Block { label, results, body } => {
                        (results, ways_to(function, &meetings, *label, Some(*body)))
                    }
                    Stmt::If { results, then, otherwise, .. } => {
                        let ends = [*then, *otherwise].map(|region| &function.region(region).end);
                        (
                            results,
                            ends.into_iter()
                                .filter(|end| matches!(end, End::Yield(_)))
                                .map(brought)
                                .collect(),
                        )
                    }
                    _ => continue,
                };
                for (position, result) in results.iter().enumerate() {
                    let values = ways.iter().map(|values| values[position]);
                    if let Some(value) = the_one(&renames, *result, values)
                        && meetings.is_visible(value, id)
                    {
                        renames.0[result.index()] = value;
                        again = true;
                    }
                }
            }
            if let End::Loop { label, params, initial, .. } = &region.end {
                let ways = ways_to(function, &meetings, *label, None);
                for (position, param) in params.iter().enumerate() {
                    let values = ways.iter().map(|values| values[position]).chain([initial[position]]);
                    if let Some(value) = the_one(&renames, *param, values) {
                        renames.0[param.index()] = value;
                        again = true;
                    }
                }
            }
        }
        changed |= again;
        if !again {
            break;
        }
    }
    if changed {
        rename(function, &renames);
    }
    changed
}

fn ways_to<'f>(
    function: &'f Function,
    meetings: &Meetings,
    label: Label,
    body: Option<RegionId>,
) -> Vec<&'f [Value]> {
    let branches =
        meetings.branches[label.index()].iter().map(|region| brought(&function.region(*region).end));
    let falls =
        body.map(|body| &function.region(body).end).filter(|end| matches!(end, End::Yield(_))).map(brought);
    branches.chain(falls).collect()
}

/// The one value that all are, other than `itself`.
fn the_one(renames: &Renames, itself: Value, values: impl Iterator<Item = Value>) -> Option<Value> {
    if renames.of(itself) != itself {
        return None;
    }
    let mut found = None;
    for value in values {
        let value = renames.of(value);
        if value == itself || found == Some(value) {
            continue;
        }
        if found.replace(value).is_some() {
            return None;
        }
    }
    found
}

fn rename(function: &mut Function, renames: &Renames) {
    for region in &mut function.regions {
        for stmt in &mut region.stmts {
            match stmt {
                Stmt::Let(_, op) => op.map_operands(|value| renames.of(value)),
                Stmt::Store { index, value, .. } | Stmt::LocalStore { index, value, .. } => {
                    *index = renames.of(*index);
                    *value = renames.of(*value);
                }
                Stmt::LocalFill { value, .. } => *value = renames.of(*value),
                Stmt::If { condition, .. } | Stmt::Guard { condition } => *condition = renames.of(*condition),
                Stmt::Block { .. } => {}
            }
        }
        match &mut region.end {
            End::Yield(values) | End::Branch(_, values) | End::Loop { initial: values, .. } => {
                values.iter_mut().for_each(|value| *value = renames.of(*value));
            }
        }
    }
}

/// A branch at the end of a block to the end of that block: it yields. That is how functions return that are inlined.
fn fall_through(function: &mut Function) -> bool {
    let mut bodies = Vec::new();
    for stmt in function.regions.iter().flat_map(|region| &region.stmts) {
        if let Stmt::Block { label, body, .. } = stmt
            && matches!(&function.region(*body).end, End::Branch(to, _) if to == label)
        {
            bodies.push(*body);
        }
    }
    for body in &bodies {
        let end = &mut function.regions[body.index()].end;
        if let End::Branch(_, values) = end {
            *end = End::Yield(std::mem::take(values));
        }
    }
    !bodies.is_empty()
}

/// Puts the statements of blocks that no branch leaves into the place of the block.
fn flatten(function: &mut Function) -> bool {
    let mut is_left = vec![false; function.labels as usize];
    for region in &function.regions {
        if let End::Branch(label, _) = &region.end {
            is_left[label.index()] = true;
        }
    }
    let is_flat = |stmt: &Stmt| !is_left_at_its_end(function, &is_left, stmt);
    if function.regions.iter().flat_map(|region| &region.stmts).all(is_flat) {
        return false;
    }
    let mut renames = Renames((0..function.values.len() as u32).map(Value).collect());
    flatten_region(function, function.entry, &is_left, &mut renames);
    rename(function, &renames);
    compact_regions(function);
    true
}

/// Whether a statement is a block that no branch leaves. `is_left` says which labels have branches.
fn is_left_at_its_end(function: &Function, is_left: &[bool], stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Block { label, body, .. }
        if !is_left[label.index()] && matches!(function.region(*body).end, End::Yield(_)))
}

fn flatten_region(function: &mut Function, id: RegionId, is_left: &[bool], renames: &mut Renames) {
    let stmts = std::mem::take(&mut function.regions[id.index()].stmts);
    let mut flat = Vec::with_capacity(stmts.len());
    for stmt in stmts {
        Function::children(&stmt).for_each(|child| flatten_region(function, child, is_left, renames));
        match &stmt {
            Stmt::Block { results, body, .. } if is_left_at_its_end(function, is_left, &stmt) => {
                let body = std::mem::replace(
                    &mut function.regions[body.index()],
                    Region { stmts: Vec::new(), end: End::Yield(Vec::new()) },
                );
                flat.extend(body.stmts);
                for (result, value) in results.iter().zip(brought(&body.end)) {
                    renames.0[result.index()] = *value;
                }
            }
            _ => flat.push(stmt),
        }
    }
    function.regions[id.index()].stmts = flat;
    if let End::Loop { body, .. } = function.region(id).end {
        flatten_region(function, body, is_left, renames);
    }
}

/// Removes the regions that nothing runs any more, and numbers the others anew.
pub(super) fn compact_regions(function: &mut Function) {
    let mut order = Vec::new();
    collect(function, function.entry, &mut order);
    let mut numbers = vec![RegionId(u32::MAX); function.regions.len()];
    order.iter().zip(0..).for_each(|(id, number)| numbers[id.index()] = RegionId(number));
    let mut regions: Vec<Region> = Vec::with_capacity(order.len());
    for id in &order {
        let empty = Region { stmts: Vec::new(), end: End::Yield(Vec::new()) };
        regions.push(std::mem::replace(&mut function.regions[id.index()], empty));
    }
    for region in &mut regions {
        for stmt in &mut region.stmts {
            match stmt {
                Stmt::Block { body, .. } => *body = numbers[body.index()],
                Stmt::If { then, otherwise, .. } => {
                    *then = numbers[then.index()];
                    *otherwise = numbers[otherwise.index()];
                }
                _ => {}
            }
        }
        if let End::Loop { body, .. } = &mut region.end {
            *body = numbers[body.index()];
        }
    }
    function.regions = regions;
    function.entry = RegionId(0);
}

fn collect(function: &Function, id: RegionId, order: &mut Vec<RegionId>) {
    order.push(id);
    let region = function.region(id);
    for stmt in &region.stmts {
        Function::children(stmt).for_each(|child| collect(function, child, order));
    }
    if let End::Loop { body, .. } = &region.end {
        collect(function, *body, order);
    }
}

/// What a live value needs.
#[derive(Clone, Copy)]
enum Definition<'f> {
    Op(&'f Op),
    /// What one of the ways brings that have this number, in this position; and another value.
    Met(usize, usize, Option<Value>),
}

fn remove_dead(function: &mut Function) -> bool {
    let Live { values: live, locals } = live_values(function);
    let mut changed = false;
    let is_removable: Vec<bool> =
        (0..function.regions.len()).map(|number| is_pure(function, RegionId(number as u32))).collect();
    // Which positions each label and each region still brings values for; all, if there is nothing.
    let mut label_keeps: Vec<Vec<bool>> = vec![Vec::new(); function.labels as usize];
    let mut yield_keeps: Vec<Vec<bool>> = vec![Vec::new(); function.regions.len()];
    let keep = |values: &[Value]| values.iter().map(|value| live[value.index()]).collect::<Vec<bool>>();
    for region in &function.regions {
        for stmt in &region.stmts {
            match stmt {
                Stmt::Block { label, results, body } => {
                    label_keeps[label.index()] = keep(results);
                    yield_keeps[body.index()] = keep(results);
                }
                Stmt::If { results, then, otherwise, .. } => {
                    yield_keeps[then.index()] = keep(results);
                    yield_keeps[otherwise.index()] = keep(results);
                }
                _ => {}
            }
        }
        if let End::Loop { label, params, .. } = &region.end {
            label_keeps[label.index()] = keep(params);
        }
    }
    for (region, keeps) in function.regions.iter_mut().zip(&yield_keeps) {
        region.stmts.retain(|stmt| {
            let stays = match stmt {
                Stmt::Let(value, op) => live[value.index()] || op.has_effect(),
                Stmt::If { results, then, otherwise, .. } => {
                    results.iter().any(|result| live[result.index()])
                        || !is_removable[then.index()]
                        || !is_removable[otherwise.index()]
                }
                Stmt::LocalStore { local, .. } | Stmt::LocalFill { local, .. } => locals[local.index()],
                _ => true,
            };
            changed |= !stays;
            stays
        });
        for stmt in &mut region.stmts {
            if let Stmt::Block { results, .. } | Stmt::If { results, .. } = stmt {
                let before = results.len();
                results.retain(|result| live[result.index()]);
                changed |= results.len() < before;
            }
        }
        match &mut region.end {
            End::Yield(values) => retain(values, keeps),
            End::Branch(label, values) => retain(values, &label_keeps[label.index()]),
            End::Loop { label, params, initial, .. } => {
                let before = params.len();
                retain(params, &label_keeps[label.index()]);
                retain(initial, &label_keeps[label.index()]);
                changed |= params.len() < before;
            }
        }
    }
    if changed {
        compact_regions(function);
    }
    changed
}

fn retain(values: &mut Vec<Value>, keeps: &[bool]) {
    let mut keeps = keeps.iter();
    values.retain(|_| *keeps.next().unwrap_or(&true));
}

/// Whether a region does nothing but make values.
fn is_pure(function: &Function, id: RegionId) -> bool {
    let region = function.region(id);
    matches!(region.end, End::Yield(_))
        && region.stmts.iter().all(|stmt| match stmt {
            Stmt::Let(_, op) => !op.has_effect(),
            Stmt::If { then, otherwise, .. } => is_pure(function, *then) && is_pure(function, *otherwise),
            _ => false,
        })
}

/// What something with an effect depends on.
struct Live {
    values: Vec<bool>,
    locals: Vec<bool>,
}

fn live_values(function: &Function) -> Live {
    let meetings = meetings(function);
    let mut definitions: Vec<Option<Definition<'_>>> = vec![None; function.values.len()];
    let mut meeting: Vec<Vec<&[Value]>> = Vec::new();
    let mut work: Vec<Value> = Vec::new();
    // What is stored to a plain array may stop the call.
    let locals: Vec<bool> = function.locals.iter().map(|local| local.is_plain).collect();
    let mut stored: Vec<Vec<Value>> = vec![Vec::new(); locals.len()];
    for region in &function.regions {
        for stmt in &region.stmts {
            match stmt {
                Stmt::Let(value, op) => {
                    definitions[value.index()] = Some(Definition::Op(op));
                    if op.has_effect() {
                        work.extend(op.operands());
                    }
                }
                Stmt::Block { label, results, body } => {
                    for (position, result) in results.iter().enumerate() {
                        definitions[result.index()] = Some(Definition::Met(meeting.len(), position, None));
                    }
                    meeting.push(ways_to(function, &meetings, *label, Some(*body)));
                }
                Stmt::If { condition, results, then, otherwise } => {
                    for (position, result) in results.iter().enumerate() {
                        let met = Definition::Met(meeting.len(), position, Some(*condition));
                        definitions[result.index()] = Some(met);
                    }
                    let ends = [*then, *otherwise].map(|region| &function.region(region).end);
                    let yields = ends.into_iter().filter(|end| matches!(end, End::Yield(_)));
                    meeting.push(yields.map(brought).collect());
                    if !is_pure(function, *then) || !is_pure(function, *otherwise) {
                        work.push(*condition);
                    }
                }
                Stmt::Store { index, value, .. } => work.extend([*index, *value]),
                Stmt::LocalStore { local, index, value } => stored[local.index()].extend([*index, *value]),
                Stmt::LocalFill { local, value } => stored[local.index()].push(*value),
                Stmt::Guard { condition } => work.push(*condition),
            }
        }
        if let End::Loop { label, params, initial, .. } = &region.end {
            for (position, param) in params.iter().enumerate() {
                let met = Definition::Met(meeting.len(), position, Some(initial[position]));
                definitions[param.index()] = Some(met);
            }
            meeting.push(ways_to(function, &meetings, *label, None));
        }
    }
    if let End::Yield(values) = &function.region(function.entry).end {
        work.extend(values);
    }
    let mut live = Live { values: vec![false; function.values.len()], locals };
    for (local, stored) in stored.iter().enumerate() {
        if live.locals[local] {
            work.extend(stored);
        }
    }
    while let Some(value) = work.pop() {
        if std::mem::replace(&mut live.values[value.index()], true) {
            continue;
        }
        match &definitions[value.index()] {
            Some(Definition::Op(op)) => {
                work.extend(op.operands());
                if let Op::LocalLoad(local, _) = op
                    && !std::mem::replace(&mut live.locals[local.index()], true)
                {
                    work.extend(&stored[local.index()]);
                }
            }
            Some(Definition::Met(ways, position, other)) => {
                work.extend(meeting[*ways].iter().map(|values| values[*position]));
                work.extend(other);
            }
            None => {}
        }
    }
    live
}
