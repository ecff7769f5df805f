//! Declarations of one name that exclude each other. V8 has checked them already; here they keep a damaged text from being
//! taken for something else. What a name means is found by lowering.

use super::*;
use crate::hash::Map;

/// How a name is declared in a scope.
const LEXICAL: u8 = 1;
const VAR: u8 = 2;
const FUNCTION: u8 = 4;

/// A block, a function, a loop's head, a `switch`.
#[derive(Clone, Default)]
pub(super) struct Scope {
    names: Map<Name, u8>,
    /// `catch (e)`: `var e` in its block is allowed.
    caught: Option<Name>,
}

impl Parser<'_> {
    /// Runs `parse` in a scope of its own.
    pub(super) fn scoped<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        self.context.scopes.push(Scope::default());
        self.context.blocks += 1;
        // After an error nothing is read on, so nothing has to be put back.
        let result = parse(self)?;
        self.context.blocks -= 1;
        self.context.scopes.pop();
        Ok(result)
    }

    /// The names that a pattern declares, in the order of the text.
    pub(super) fn names_of(&self, target: PatternId) -> Vec<Identifier> {
        let mut names = Vec::new();
        let mut open = vec![target];
        while let Some(id) = open.pop() {
            let pattern = &self.tree[id];
            if let PatternKind::Name(name) = pattern.kind {
                names.push(Identifier { span: pattern.span, name });
            }
            let first = open.len();
            pattern.kind.for_each_child(&mut |child| {
                if let Node::Pattern(id) = child {
                    open.push(id);
                }
            });
            open[first..].reverse();
        }
        names
    }

    pub(super) fn declare_pattern(&mut self, kind: DeclarationKind, target: PatternId) -> Parse<()> {
        for identifier in self.names_of(target) {
            if kind == DeclarationKind::Var {
                self.declare_var(identifier)?;
                self.context.vars.push(identifier);
            } else if identifier.name == word::LET {
                return self.wrong(identifier.span, "`let` cannot declare this name");
            } else {
                self.declare_lexical(identifier)?;
            }
        }
        Ok(())
    }

    pub(super) fn declare_lexical(&mut self, identifier: Identifier) -> Parse<()> {
        self.declare(identifier, LEXICAL, LEXICAL | VAR | FUNCTION)
    }

    /// A function declaration: at the top of a function it is like `var`, in a block like `let`; in sloppy blocks it may be
    /// repeated.
    pub(super) fn declare_function(&mut self, identifier: Identifier, plain: bool) -> Parse<()> {
        if self.context.scopes.len() == 1 {
            self.declare(identifier, FUNCTION, LEXICAL)
        } else if self.context.strict || !plain {
            self.declare_lexical(identifier)
        } else {
            self.declare(identifier, FUNCTION, LEXICAL | VAR)
        }
    }

    fn declare_var(&mut self, identifier: Identifier) -> Parse<()> {
        let name = identifier.name;
        let mut taken = false;
        for (depth, scope) in self.context.scopes.iter_mut().enumerate() {
            let flags = scope.names.entry(name).or_default();
            let excluded = if depth == 0 { LEXICAL } else { LEXICAL | FUNCTION };
            taken |= *flags & excluded != 0 && scope.caught != Some(name);
            *flags |= VAR;
        }
        if taken { self.taken(identifier) } else { Ok(()) }
    }

    fn declare(&mut self, identifier: Identifier, flag: u8, excluded: u8) -> Parse<()> {
        let Some(scope) = self.context.scopes.last_mut() else { return Ok(()) };
        let flags = scope.names.entry(identifier.name).or_default();
        let taken = *flags & excluded != 0;
        *flags |= flag;
        if taken { self.taken(identifier) } else { Ok(()) }
    }

    fn taken<T>(&mut self, identifier: Identifier) -> Parse<T> {
        self.wrong(identifier.span, "this name is declared already")
    }

    /// The parameter of a `catch`.
    pub(super) fn declare_caught(&mut self, target: PatternId) -> Parse<()> {
        for identifier in self.names_of(target) {
            self.declare_lexical(identifier)?;
        }
        if let PatternKind::Name(name) = self.tree[target].kind
            && let Some(scope) = self.context.scopes.last_mut()
        {
            scope.caught = Some(name);
        }
        Ok(())
    }

    /// The parameters; which of them repeats a name, if any.
    pub(super) fn declare_params(&mut self, params: &[PatternId]) -> Option<Identifier> {
        let mut repeated = None;
        for param in params {
            for identifier in self.names_of(*param) {
                let Some(scope) = self.context.scopes.last_mut() else { continue };
                if scope.names.insert(identifier.name, VAR).is_some() {
                    repeated.get_or_insert(identifier);
                }
            }
        }
        repeated
    }

    /// What holds for parameters once it is known whether the function is strict.
    pub(super) fn check_params(
        &mut self,
        head: &function::Head,
        params: &[PatternId],
        repeated: Option<Identifier>,
        own_directive: bool,
        strict: bool,
    ) -> Parse<()> {
        let simple = params.iter().all(|id| matches!(self.tree[*id].kind, PatternKind::Name(_)));
        if own_directive && !simple {
            let span = self.tree[params[0]].span;
            return self.wrong(span, "a function with 'use strict' has plain parameters");
        }
        let unique = strict || !simple || matches!(head.kind, FunctionKind::Arrow | FunctionKind::Method);
        if let Some(repeated) = repeated.filter(|_| unique) {
            return self.taken(repeated);
        }
        if own_directive {
            let names: Vec<Identifier> =
                params.iter().flat_map(|id| self.names_of(*id)).chain(head.name).collect();
            let reserved =
                |name: Name| name.is_strict_reserved() || matches!(name, word::EVAL | word::ARGUMENTS);
            if let Some(identifier) = names.into_iter().find(|identifier| reserved(identifier.name)) {
                return self.wrong(identifier.span, "strict code cannot assign this name");
            }
        }
        Ok(())
    }
}
