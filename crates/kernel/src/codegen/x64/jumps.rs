//! Jumps over jumps, jumps to jumps, and jumps of which it is known whether they jump.
//!
//! ```text
//!       if c goto a               if !c goto b              if c goto a              if c goto a
//!       goto b               →                              if c goto b         →    …
//!    a: …                      a: …                         …
//! ```
//!
//! Lowering makes them where a branch had nothing to do but copies that were not needed in the end, and of `&&` and `||` whose second
//! half asks again what the first has asked.

use super::asm::Label;
use super::inst::Inst;

/// The same code without them.
pub(super) fn straightened(mut code: Vec<Inst>) -> Vec<Inst> {
    redirect(&mut code);
    let mut code = without_known(code);
    let mut is_target: Vec<bool> = Vec::new();
    for label in code.iter().filter_map(Inst::target) {
        is_target.resize(is_target.len().max(label.number() + 1), false);
        is_target[label.number()] = true;
    }
    code.retain(|inst| match inst {
        Inst::Bind(label) => is_target.get(label.number()).is_some_and(|is_target| *is_target),
        _ => true,
    });
    let mut is_left = vec![true; code.len()];
    for at in 0..code.len() {
        let Some(label) = code[at].target() else { continue };
        if let Some(Inst::Jump(other)) = code.get(at + 1)
            && is_bound_at(&code[at + 2..], label)
            && let Some(inverse) = code[at].jump(false, *other)
        {
            code[at] = inverse;
            is_left[at + 1] = false;
        } else if matches!(code[at], Inst::Jump(_)) && is_bound_at(&code[at + 1..], label) {
            is_left[at] = false;
        }
    }
    let mut is_left = is_left.into_iter();
    code.retain(|_| is_left.next() == Some(true));
    code
}

/// Whether the code begins with this label, or others and this.
fn is_bound_at(code: &[Inst], label: Label) -> bool {
    code.iter()
        .map_while(|inst| if let Inst::Bind(bound) = inst { Some(*bound) } else { None })
        .any(|bound| bound == label)
}

/// The same code without jumps whose comparison the last instruction has made, and without what nobody comes to.
fn without_known(code: Vec<Inst>) -> Vec<Inst> {
    let compares = |inst: &Inst| {
        matches!(inst, Inst::JumpIf { .. } | Inst::JumpCompare { .. } | Inst::JumpGeneral { .. })
    };
    if !code.windows(2).any(|pair| pair.iter().all(compares)) {
        return code;
    }
    let mut out: Vec<Inst> = Vec::with_capacity(code.len());
    let mut is_dead = false;
    for inst in code {
        // Markers stay where they are.
        is_dead = is_dead && (compares(&inst) || matches!(inst, Inst::Jump(_)));
        if is_dead {
            continue;
        }
        let inst = match (out.last(), inst.target().filter(|_| compares(&inst))) {
            // Here it does not hold.
            (Some(last), Some(label)) if last.jump(true, label).as_ref() == Some(&inst) => continue,
            (Some(last), Some(label)) if last.jump(false, label).as_ref() == Some(&inst) => Inst::Jump(label),
            _ => inst,
        };
        is_dead = matches!(inst, Inst::Jump(_));
        out.push(inst);
    }
    out
}

/// Has jumps go where they come to in the end.
fn redirect(code: &mut [Inst]) {
    let mut next: Vec<Option<Label>> = Vec::new();
    for (at, inst) in code.iter().enumerate() {
        if let Inst::Bind(label) = inst {
            let behind = code[at + 1..].iter().find(|inst| !matches!(inst, Inst::Bind(_)));
            if let Some(Inst::Jump(to)) = behind
                && to != label
            {
                next.resize(next.len().max(label.number() + 1), None);
                next[label.number()] = Some(*to);
            }
        }
    }
    for inst in code {
        let Some(mut label) = inst.target() else { continue };
        // A loop without anything in it comes to no end.
        for _ in 0..next.len() {
            let Some(Some(to)) = next.get(label.number()) else { break };
            label = *to;
        }
        if let Some(jump) = inst.jump(true, label) {
            *inst = jump;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::x64::asm::Cond;
    use crate::codegen::x64::inst::{Compare, Src, V};
    use crate::codegen::x64::testing::{is, jump, labels};

    #[test]
    fn a_jump_over_a_jump_is_one() {
        let [a, b, unused] = labels();
        let code = vec![
            jump(0, Cond::G, a),
            Inst::Bind(unused),
            Inst::Jump(b),
            Inst::Bind(a),
            is(1),
            Inst::Bind(b),
            is(2),
        ];
        assert_eq!(straightened(code), [jump(0, Cond::Le, b), Inst::Bind(a), is(1), Inst::Bind(b), is(2)]);
        // Of doubles, the opposite of "less" is not "greater or equal".
        let compare = |holds, label| {
            let (a, b) = (V::vector(0), Src::f64(0.0));
            Inst::JumpCompare { a, b, how: Compare::Gt, holds, label }
        };
        let code = vec![compare(true, a), Inst::Jump(b), Inst::Bind(a), is(1), Inst::Bind(b)];
        assert_eq!(straightened(code)[0], compare(false, b));
    }

    #[test]
    fn a_jump_goes_to_the_end_of_its_way() {
        let [a, b, c] = labels();
        let code = vec![
            jump(0, Cond::E, a),
            is(1),
            Inst::Jump(c),
            Inst::Bind(a),
            Inst::Jump(b),
            Inst::Bind(c),
            is(2),
            Inst::Bind(b),
        ];
        assert_eq!(straightened(code)[0], jump(0, Cond::E, b));
        // That leads nowhere, but not for ever.
        let code = vec![jump(0, Cond::E, a), Inst::Bind(a), Inst::Bind(b), Inst::Jump(b)];
        assert_eq!(straightened(code).last(), Some(&Inst::Jump(b)));
    }

    #[test]
    fn nothing_is_asked_twice() {
        let [a, b, c] = labels();
        let code = vec![jump(0, Cond::G, a), jump(0, Cond::G, b), is(1), Inst::Bind(a), is(2), Inst::Bind(b)];
        assert_eq!(straightened(code), [jump(0, Cond::G, a), is(1), Inst::Bind(a), is(2)]);
        // Nobody comes to the third.
        let code = vec![
            jump(0, Cond::G, a),
            jump(0, Cond::Le, b),
            Inst::Jump(c),
            Inst::Bind(a),
            is(1),
            Inst::Bind(b),
            Inst::Bind(c),
        ];
        assert_eq!(straightened(code), [jump(0, Cond::Le, b), Inst::Bind(a), is(1), Inst::Bind(b)]);
        // Another one is another one.
        let code =
            vec![jump(0, Cond::G, a), jump(0, Cond::Ge, b), is(1), Inst::Bind(a), is(2), Inst::Bind(b)];
        assert_eq!(straightened(code.clone()), code);
    }

    #[test]
    fn a_jump_to_what_follows_is_none() {
        let [a, b] = labels();
        let code = vec![jump(0, Cond::E, b), Inst::Jump(a), Inst::Bind(b), Inst::Bind(a), is(1)];
        assert!(!straightened(code).contains(&Inst::Jump(a)));
    }
}
