//! Loops that make some turns at the most.

use super::super::builder::Open;
use super::super::function::{End, Stmt};
use super::super::op::Binary;
use super::super::types::{Label, Type, Value};
use super::Generator;

/// Turns of a loop at the most.
const TURNS: u64 = 12;

/// A loop in the making.
struct Head {
    types: Vec<Type>,
    initial: Vec<Value>,
    label: Label,
    params: Vec<Value>,
    open: Open,
    /// Whether there is to be another turn, and the count of that.
    goes_on: Value,
    next: Value,
}

impl Generator<'_> {
    /// A block with a loop in it that makes some turns at the most, and may be left earlier.
    pub(super) fn counted_loop(&mut self, depth: u32) {
        // Three of them make enough turns.
        if self.is_harsh && self.loops == 3 {
            return;
        }
        self.loops += 1;
        let outer_types = self.types();
        let outer = self.builder.label();
        let block = self.builder.open();
        let visible = self.visible.len();
        self.targets.push((outer, outer_types.clone(), None));

        let Head { types, initial, label, params, open, goes_on, next } = self.loop_head();

        let then = self.builder.open();
        let then = self.builder.close(then, End::Yield(Vec::new()));
        let otherwise = self.builder.open();
        let leave = self.branch(self.targets.len() - 1);
        let otherwise = self.builder.close(otherwise, leave);
        self.builder.push(Stmt::If { condition: goes_on, results: Vec::new(), then, otherwise });

        self.targets.push((label, types, Some(next)));
        self.statements(4, depth - 1);
        let end = self.loop_end(depth - 1);
        self.targets.pop();
        let body = self.builder.close(open, end);
        self.targets.pop();
        self.visible.truncate(visible);
        let body = self.builder.close(block, End::Loop { label, params, initial, body });
        let results = self.results(&outer_types);
        self.visible.extend(&results);
        self.builder.push(Stmt::Block { label: outer, results, body });
        self.loops -= 1;
    }

    /// A loop at the end of a region: all that leave it branch further out.
    pub(super) fn tail_loop(&mut self, depth: u32) -> End {
        self.loops += 1;
        let visible = self.visible.len();
        let Head { types, initial, label, params, open, goes_on, next } = self.loop_head();
        let then = self.builder.open();
        let then = self.builder.close(then, End::Yield(Vec::new()));
        let otherwise = self.builder.open();
        let at = self.below(self.targets.len() as u64) as usize;
        let leave = self.branch(at);
        let otherwise = self.builder.close(otherwise, leave);
        self.builder.push(Stmt::If { condition: goes_on, results: Vec::new(), then, otherwise });
        self.targets.push((label, types, Some(next)));
        self.statements(3, depth.saturating_sub(1));
        let end = self.loop_end(depth.saturating_sub(1));
        self.targets.pop();
        self.visible.truncate(visible);
        let body = self.builder.close(open, end);
        self.loops -= 1;
        End::Loop { label, params, initial, body }
    }

    /// The parameters of a loop, of which the first counts its turns, and the beginning of its body.
    fn loop_head(&mut self) -> Head {
        let mut types = vec![Type::I32];
        types.extend(self.types());
        let zero = self.builder.i32(0);
        let mut initial = self.values(&types);
        initial[0] = zero;
        let label = self.builder.label();
        let params = self.results(&types);
        let open = self.builder.open();
        self.visible.extend(&params);
        let most = self.turns();
        let goes_on = self.builder.binary(Binary::ILt, params[0], most);
        let one = self.builder.i32(1);
        let next = self.builder.binary(Binary::IAdd, params[0], one);
        Head { types, initial, label, params, open, goes_on, next }
    }

    /// How many turns: the same for all indices, or different.
    fn turns(&mut self) -> Value {
        if self.below(2) == 0 {
            let turns = self.below(TURNS) as i32;
            return self.builder.i32(turns);
        }
        let number = self.value(Type::I32);
        let mask = self.builder.i32(if self.is_harsh && self.loops == 1 { 63 } else { 7 });
        self.builder.binary(Binary::And, number, mask)
    }

    /// How the body of a loop ends.
    fn loop_end(&mut self, depth: u32) -> End {
        if self.is_harsh && self.loops < 3 && self.below(5) == 0 {
            return self.tail_loop(depth);
        }
        self.branch(self.targets.len() - 1)
    }
}
