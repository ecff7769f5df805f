//! Functions: parameters, bodies, directives, and what a function knows about itself.

use super::*;

/// The function that is being parsed.
#[derive(Clone, Default)]
pub(super) struct Context {
    pub(super) strict: bool,
    pub(super) is_async: bool,
    pub(super) is_generator: bool,
    /// `await` is no identifier: in async functions and static blocks.
    pub(super) no_await: bool,
    pub(super) vars: Vec<Identifier>,
    pub(super) declared: Vec<FunctionId>,
    /// The scopes that are open in this function, that of its parameters and body first.
    pub(super) scopes: Vec<scope::Scope>,
    /// How many blocks are open in this function.
    pub(super) blocks: u32,
    /// Labels in force; true: of a loop.
    pub(super) labels: Vec<(Name, bool)>,
    /// How many loops, and how many loops or switches are open.
    pub(super) loops: u32,
    pub(super) breakable: u32,
    /// `return` may stand here: not in static blocks.
    pub(super) can_return: bool,
}

/// What is known of a function before its parameters.
#[derive(Clone, Copy)]
pub(super) struct Head {
    pub(super) start: u32,
    pub(super) kind: FunctionKind,
    pub(super) name: Option<Identifier>,
    pub(super) is_async: bool,
    pub(super) is_generator: bool,
}

impl Head {
    pub(super) fn new(start: u32, kind: FunctionKind) -> Self {
        Self { start, kind, name: None, is_async: false, is_generator: false }
    }
}

impl Parser<'_> {
    /// Enters a function; what it returns goes back when the function is left.
    pub(super) fn enter(&mut self, head: &Head) -> Context {
        let context = Context {
            strict: self.context.strict,
            is_async: head.is_async,
            is_generator: head.is_generator,
            no_await: head.is_async,
            can_return: true,
            scopes: vec![scope::Scope::default()],
            ..Context::default()
        };
        std::mem::replace(&mut self.context, context)
    }

    /// `(a, b) { … }`, where the parenthesis is the token.
    pub(super) fn function_rest(&mut self, head: Head) -> Parse<FunctionId> {
        self.nested(|p| {
            let outer = p.enter(&head);
            let params = p.parameters()?;
            p.function_body(head, params, outer)
        })
    }

    pub(super) fn parameters(&mut self) -> Parse<Vec<PatternId>> {
        self.expect(Punct::ParenOpen)?;
        let mut params = Vec::new();
        while !self.is(Punct::ParenClose) {
            if self.is(Punct::Ellipsis) {
                params.push(self.rest_binding()?);
                break;
            }
            params.push(self.binding_with_default()?);
            if !self.is(Punct::ParenClose) {
                self.expect(Punct::Comma)?;
            }
        }
        self.expect(Punct::ParenClose)?;
        Ok(params)
    }

    /// Behind `=>`, in the context of the arrow function.
    pub(super) fn arrow_body(
        &mut self,
        head: Head,
        params: Vec<PatternId>,
        no_in: bool,
        outer: Context,
    ) -> Parse<FunctionId> {
        if self.is(Punct::BraceOpen) {
            return self.function_body(head, params, outer);
        }
        let repeated = self.declare_params(&params);
        let strict = self.context.strict;
        self.check_params(&head, &params, repeated, false, strict)?;
        let value = self.assignment(no_in)?;
        let context = std::mem::replace(&mut self.context, outer);
        self.add_finished(head, params, Body::Expr(value), context, strict)
    }

    /// From `{` on.
    pub(super) fn function_body(
        &mut self,
        head: Head,
        params: Vec<PatternId>,
        outer: Context,
    ) -> Parse<FunctionId> {
        let start = self.start();
        let repeated = self.declare_params(&params);
        let strict_around = self.context.strict;
        let mut own_directive = false;
        self.expect(Punct::BraceOpen)?;
        let mut stmts = Vec::new();
        let mut directives = true;
        while !self.is(Punct::BraceClose) {
            let token = self.token;
            let stmt = self.statement()?;
            directives = directives && token.kind == TokenKind::String;
            if directives && let StmtKind::Expr(id) = self.tree[stmt].kind {
                // Only a string alone, without parentheses, is a directive.
                directives = self.tree[id].span == token.span && !self.is_parenthesized(id);
                if directives {
                    self.tree[stmt].kind = StmtKind::Directive(id);
                    let text = token.span.text(self.lexer.source());
                    own_directive |= text == "'use strict'" || text == "\"use strict\"";
                    self.context.strict = strict_around || own_directive;
                }
            }
            stmts.push(stmt);
        }
        // The brace belongs to this function, what follows to the one around it.
        let strict = self.context.strict;
        self.check_params(&head, &params, repeated, own_directive, strict)?;
        let function = std::mem::replace(&mut self.context, outer);
        self.expect(Punct::BraceClose)?;
        let body = Body::Block { span: self.span_from(start), stmts };
        self.add_finished(head, params, body, function, strict)
    }

    fn add_finished(
        &mut self,
        head: Head,
        params: Vec<PatternId>,
        body: Body,
        context: Context,
        strict: bool,
    ) -> Parse<FunctionId> {
        self.add_function(Function {
            span: self.span_from(head.start),
            kind: head.kind,
            name: head.name,
            key: None,
            params,
            body,
            is_async: head.is_async,
            is_generator: head.is_generator,
            strict,
            vars: context.vars,
            declared: context.declared,
            is_top_level: head.kind == FunctionKind::Declaration && self.context.blocks == 0,
        })
    }

    /// `function f(a) { … }` or `async function …`, from its first word on.
    pub(super) fn function(&mut self, kind: FunctionKind) -> Parse<FunctionId> {
        let mut head = Head::new(self.start(), kind);
        head.is_async = self.eat_word(word::ASYNC)?;
        self.expect_word(word::FUNCTION)?;
        head.is_generator = self.eat(Punct::Star)?;
        if !self.is(Punct::ParenOpen) {
            // The name of an expression belongs to the function itself, that of a declaration to what is around it.
            let outer = (kind == FunctionKind::Expression).then(|| self.enter(&head));
            let name = self.identifier()?;
            self.check_bindable(name)?;
            if let Some(outer) = outer {
                self.context = outer;
            }
            head.name = Some(name);
            if kind == FunctionKind::Declaration {
                self.declare_function(name, !head.is_async && !head.is_generator)?;
            }
        } else if kind == FunctionKind::Declaration {
            return self.unexpected("a name");
        }
        self.function_rest(head)
    }

    /// `(a) { … }` of an object or a class, as an expression.
    pub(super) fn method(&mut self, is_async: bool, is_generator: bool) -> Parse<ExprId> {
        let start = self.start();
        let head = Head { is_async, is_generator, ..Head::new(start, FunctionKind::Method) };
        let function = self.function_rest(head)?;
        self.add_expr(self.span_from(start), ExprKind::Function(function))
    }
}
