//! Statements and declarations, with the semicolons that ECMAScript puts in.

use super::*;

/// Where a statement stands: not every declaration may stand everywhere.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a block or function.
    List,
    /// Behind `if (…)` or `else`.
    Branch,
    /// Behind a label.
    Labeled,
    /// In a loop or `with`.
    Body,
}

impl Parser<'_> {
    /// A statement of a block or function.
    pub(super) fn statement(&mut self) -> Parse<StmtId> {
        self.statement_in(Place::List)
    }

    fn statement_in(&mut self, place: Place) -> Parse<StmtId> {
        self.nested(|p| p.statement_inner(place))
    }

    fn statement_inner(&mut self, place: Place) -> Parse<StmtId> {
        let start = self.start();
        let word = match self.token.kind {
            TokenKind::Name(name) if !self.token.escaped => name,
            TokenKind::Punct(Punct::BraceOpen) => return self.block(),
            TokenKind::Punct(Punct::Semicolon) => {
                self.advance()?;
                return self.add_stmt(self.span_from(start), StmtKind::Empty);
            }
            _ => return self.expression_statement(place),
        };
        match word {
            word::BREAK | word::CONTINUE => self.jump(word == word::BREAK),
            word::DEBUGGER => {
                self.advance()?;
                self.semicolon()?;
                self.add_stmt(self.span_from(start), StmtKind::Foreign(ForeignStmt::Debugger))
            }
            word::DO => self.do_while(),
            word::FOR => self.scoped(Self::for_statement),
            word::FUNCTION => self.function_statement(place),
            word::CLASS => {
                if place != Place::List {
                    return self.unexpected("a statement");
                }
                let class = self.class()?;
                match self.tree[class].name {
                    Some(name) => self.declare_lexical(name)?,
                    None => return self.unexpected("the name of the class before"),
                }
                self.add_stmt(self.span_from(start), StmtKind::Foreign(ForeignStmt::Class(class)))
            }
            word::IF => self.if_statement(),
            word::RETURN => {
                if !self.context.can_return {
                    return self.unexpected("a statement");
                }
                self.advance()?;
                let value = if self.is(Punct::Semicolon) || self.can_end_statement() {
                    None
                } else {
                    Some(self.expression(false)?)
                };
                self.semicolon()?;
                self.add_stmt(self.span_from(start), StmtKind::Return(value))
            }
            word::SWITCH => self.switch(),
            word::THROW => {
                self.advance()?;
                if self.token.newline_before {
                    return self.unexpected("an expression on this line");
                }
                let value = self.expression(false)?;
                self.semicolon()?;
                self.add_stmt(self.span_from(start), StmtKind::Foreign(ForeignStmt::Throw(value)))
            }
            word::TRY => self.try_statement(),
            word::WHILE => {
                self.advance()?;
                let test = self.parenthesized()?;
                let body = self.loop_body()?;
                self.add_stmt(self.span_from(start), StmtKind::While { test, body })
            }
            word::WITH => {
                if self.context.strict {
                    return self.unexpected("a statement");
                }
                self.advance()?;
                let object = self.parenthesized()?;
                let body = self.statement_in(Place::Body)?;
                self.add_stmt(self.span_from(start), StmtKind::Foreign(ForeignStmt::With { object, body }))
            }
            word::VAR | word::CONST => self.declaration_statement(place),
            word::LET if self.is_let(place == Place::List)? => self.declaration_statement(place),
            word::ASYNC if place == Place::List => {
                let next = self.peek()?;
                if next.kind == TokenKind::Name(word::FUNCTION) && !next.newline_before && !next.escaped {
                    return self.function_statement(place);
                }
                self.expression_statement(place)
            }
            _ => self.expression_statement(place),
        }
    }

    /// Whether `let` starts a declaration; in sloppy code it can be a name.
    fn is_let(&mut self, in_list: bool) -> Parse<bool> {
        let next = self.peek()?;
        Ok(match next.kind {
            TokenKind::Punct(Punct::BracketOpen) => true,
            TokenKind::Punct(Punct::BraceOpen) => in_list,
            TokenKind::Name(word::IN | word::INSTANCEOF) => next.escaped && in_list,
            TokenKind::Name(_) => in_list,
            _ => false,
        })
    }

    fn expression_statement(&mut self, place: Place) -> Parse<StmtId> {
        let start = self.start();
        let is_name = matches!(self.token.kind, TokenKind::Name(_));
        let id = self.expression(false)?;
        if is_name
            && self.is(Punct::Colon)
            && !self.is_parenthesized(id)
            && let ExprKind::Name(name) = self.tree[id].kind
        {
            let label = Identifier { span: self.tree[id].span, name };
            self.tree[id].kind = ExprKind::Removed;
            return self.labeled(label, place);
        }
        self.semicolon()?;
        self.add_stmt(self.span_from(start), StmtKind::Expr(id))
    }

    fn labeled(&mut self, label: Identifier, place: Place) -> Parse<StmtId> {
        if self.context.labels.iter().any(|(name, _)| *name == label.name) {
            return self.wrong(label.span, "this label is in use already");
        }
        self.advance()?;
        let is_loop = self.labels_a_loop()?;
        self.context.labels.push((label.name, is_loop));
        let place = if place == Place::List { Place::Labeled } else { place };
        let body = self.statement_in(place)?;
        self.context.labels.pop();
        self.add_stmt(self.span_from(label.span.start), StmtKind::Labeled { label, body })
    }

    /// `a: b: for (…)`: both labels are of the loop.
    fn labels_a_loop(&mut self) -> Parse<bool> {
        let (token, pos) = (self.token, self.lexer.position());
        let mut at = token;
        let mut is_loop = false;
        // Each label reads all labels behind it; as they nest, their number is bounded.
        while let TokenKind::Name(name) = at.kind {
            is_loop = !at.escaped && matches!(name, word::FOR | word::WHILE | word::DO);
            if is_loop {
                break;
            }
            if self.lexer.next()?.kind != TokenKind::Punct(Punct::Colon) {
                break;
            }
            at = self.lexer.next()?;
        }
        self.lexer.rewind(pos);
        Ok(is_loop)
    }

    fn jump(&mut self, is_break: bool) -> Parse<StmtId> {
        let start = self.start();
        let span = self.token.span;
        self.advance()?;
        let mut label = None;
        if matches!(self.token.kind, TokenKind::Name(_)) && !self.token.newline_before {
            label = Some(self.identifier()?);
        }
        self.semicolon()?;
        let context = &self.context;
        let known = match label {
            Some(label) => {
                context.labels.iter().any(|(name, is_loop)| *name == label.name && (is_break || *is_loop))
            }
            None if is_break => context.breakable > 0,
            None => context.loops > 0,
        };
        if !known {
            return self.wrong(
                label.map_or(span, |label| label.span),
                "no loop or statement of this name is around",
            );
        }
        let kind = if is_break { StmtKind::Break(label) } else { StmtKind::Continue(label) };
        self.add_stmt(self.span_from(start), kind)
    }

    pub(super) fn block(&mut self) -> Parse<StmtId> {
        let start = self.start();
        let stmts = self.scoped(Self::block_stmts)?;
        self.add_stmt(self.span_from(start), StmtKind::Block(stmts))
    }

    fn block_stmts(&mut self) -> Parse<Vec<StmtId>> {
        self.expect(Punct::BraceOpen)?;
        let mut stmts = Vec::new();
        while !self.is(Punct::BraceClose) {
            stmts.push(self.statement()?);
        }
        self.advance()?;
        Ok(stmts)
    }

    fn parenthesized(&mut self) -> Parse<ExprId> {
        self.expect(Punct::ParenOpen)?;
        let id = self.expression(false)?;
        self.expect(Punct::ParenClose)?;
        Ok(id)
    }

    /// `if … else if … else`: a loop, so that long chains nest no deeper than short ones.
    fn if_statement(&mut self) -> Parse<StmtId> {
        let mut open = Vec::new();
        let mut no = loop {
            let start = self.start();
            self.advance()?;
            let test = self.parenthesized()?;
            open.push((start, test, self.statement_in(Place::Branch)?));
            if !self.eat_word(word::ELSE)? {
                break None;
            }
            if !self.is_word(word::IF) {
                break Some(self.statement_in(Place::Branch)?);
            }
        };
        while let Some((start, test, yes)) = open.pop() {
            no = Some(self.add_stmt(self.span_from(start), StmtKind::If { test, yes, no })?);
        }
        match no {
            Some(id) => Ok(id),
            None => self.unexpected("if"),
        }
    }

    fn function_statement(&mut self, place: Place) -> Parse<StmtId> {
        let start = self.start();
        let sloppy = !self.context.strict && matches!(place, Place::Branch | Place::Labeled);
        if place != Place::List && !sloppy {
            return self.unexpected("a statement");
        }
        // `if (a) function f() {}` is as if there were braces.
        let declare = |p: &mut Self| p.function(FunctionKind::Declaration);
        let id = if place == Place::Branch { self.scoped(declare)? } else { declare(self)? };
        let function = &self.tree[id];
        if place != Place::List && (function.is_async || function.is_generator) {
            let span = function.span;
            return self.wrong(span, "this function can be declared only in a block");
        }
        self.context.declared.push(id);
        self.add_stmt(self.span_from(start), StmtKind::Function(id))
    }

    fn switch(&mut self) -> Parse<StmtId> {
        let start = self.start();
        self.advance()?;
        let subject = self.parenthesized()?;
        self.context.breakable += 1;
        let cases = self.scoped(Self::switch_cases)?;
        self.context.breakable -= 1;
        self.add_stmt(self.span_from(start), StmtKind::Switch { subject, cases })
    }

    fn switch_cases(&mut self) -> Parse<Vec<SwitchCase>> {
        self.expect(Punct::BraceOpen)?;
        let mut cases: Vec<SwitchCase> = Vec::new();
        while !self.is(Punct::BraceClose) {
            let start = self.start();
            let test = if self.eat_word(word::CASE)? {
                Some(self.expression(false)?)
            } else {
                if cases.iter().any(|case| case.test.is_none()) {
                    return self.unexpected("case");
                }
                self.expect_word(word::DEFAULT)?;
                None
            };
            self.expect(Punct::Colon)?;
            let mut stmts = Vec::new();
            while !self.is(Punct::BraceClose) && !self.is_word(word::CASE) && !self.is_word(word::DEFAULT) {
                stmts.push(self.statement()?);
            }
            cases.push(SwitchCase { span: self.span_from(start), test, stmts });
        }
        self.advance()?;
        Ok(cases)
    }

    fn try_statement(&mut self) -> Parse<StmtId> {
        let start = self.start();
        self.advance()?;
        let block = self.nested(Self::block)?;
        let mut handler = None;
        let catch_start = self.start();
        if self.eat_word(word::CATCH)? {
            let (parameter, body) = self.nested(|p| p.scoped(Self::catch_rest))?;
            handler = Some((self.span_from(catch_start), parameter, body));
        }
        let finalizer = if self.eat_word(word::FINALLY)? { Some(self.nested(Self::block)?) } else { None };
        if handler.is_none() && finalizer.is_none() {
            return self.unexpected("catch");
        }
        let kind = StmtKind::Foreign(ForeignStmt::Try { block, handler, finalizer });
        self.add_stmt(self.span_from(start), kind)
    }

    /// `(e) { … }`: the parameter and the block share a scope.
    fn catch_rest(&mut self) -> Parse<(Option<PatternId>, StmtId)> {
        let mut parameter = None;
        if self.eat(Punct::ParenOpen)? {
            let target = self.binding()?;
            self.declare_caught(target)?;
            self.expect(Punct::ParenClose)?;
            parameter = Some(target);
        }
        let start = self.start();
        let stmts = self.block_stmts()?;
        Ok((parameter, self.add_stmt(self.span_from(start), StmtKind::Block(stmts))?))
    }

    fn loop_body(&mut self) -> Parse<StmtId> {
        self.context.loops += 1;
        self.context.breakable += 1;
        let body = self.statement_in(Place::Body)?;
        self.context.loops -= 1;
        self.context.breakable -= 1;
        Ok(body)
    }

    fn do_while(&mut self) -> Parse<StmtId> {
        let start = self.start();
        self.advance()?;
        let body = self.loop_body()?;
        self.expect_word(word::WHILE)?;
        let test = self.parenthesized()?;
        // Here the semicolon may be left out on the same line, too.
        self.eat(Punct::Semicolon)?;
        self.add_stmt(self.span_from(start), StmtKind::DoWhile { body, test })
    }

    fn for_statement(&mut self) -> Parse<StmtId> {
        let start = self.start();
        self.advance()?;
        let is_await = self.context.is_async && self.eat_word(word::AWAIT)?;
        self.expect(Punct::ParenOpen)?;
        if self.is(Punct::Semicolon) {
            return self.for_rest(start, None);
        }
        let head_start = self.start();
        let declares = self.is_word(word::VAR)
            || self.is_word(word::CONST)
            || (self.is_word(word::LET) && self.is_let(true)?);
        if declares {
            let declaration = self.declaration(true)?;
            let single = matches!(&declaration.declarators[..], [one] if one.init.is_none()
                || (declaration.kind == DeclarationKind::Var && self.is_word(word::IN) && !self.context.strict
                    && matches!(self.tree[one.target].kind, PatternKind::Name(_))));
            if single && (self.is_word(word::IN) || self.is_word(word::OF)) {
                return self.for_each(start, ForHead::Declare(declaration), is_await);
            }
            self.check_initialized(&declaration)?;
            return self.for_rest(start, Some(ForInit::Declare(declaration)));
        }
        let starts_with_let = self.is_word(word::LET);
        let starts_with_async = self.is_word(word::ASYNC) && !is_await;
        let init = self.expression(true)?;
        let bare = self.previous_end - head_start;
        if self.is_word(word::IN)
            || (self.is_word(word::OF) && !(starts_with_let || starts_with_async && bare == 5))
        {
            let is_target = !matches!(self.tree[init].kind, ExprKind::Assign { .. });
            if !is_target {
                let span = self.tree[init].span;
                return self.wrong(span, "this cannot be assigned");
            }
            let pattern = self.convert_to_pattern(init, false)?;
            return self.for_each(start, ForHead::Pattern(pattern), is_await);
        }
        self.for_rest(start, Some(ForInit::Expr(init)))
    }

    fn for_rest(&mut self, start: u32, init: Option<ForInit>) -> Parse<StmtId> {
        self.expect(Punct::Semicolon)?;
        let test = if self.is(Punct::Semicolon) { None } else { Some(self.expression(false)?) };
        self.expect(Punct::Semicolon)?;
        let update = if self.is(Punct::ParenClose) { None } else { Some(self.expression(false)?) };
        self.expect(Punct::ParenClose)?;
        let body = self.loop_body()?;
        self.add_stmt(self.span_from(start), StmtKind::For { init, test, update, body })
    }

    fn for_each(&mut self, start: u32, head: ForHead, is_await: bool) -> Parse<StmtId> {
        let is_of = self.is_word(word::OF);
        self.advance()?;
        let walked = if is_of { self.assignment(false)? } else { self.expression(false)? };
        self.expect(Punct::ParenClose)?;
        let body = self.loop_body()?;
        let kind = if is_of {
            StmtKind::ForOf { head, iterable: walked, body, is_await }
        } else {
            StmtKind::Foreign(ForeignStmt::ForIn { head, object: walked, body })
        };
        self.add_stmt(self.span_from(start), kind)
    }

    fn declaration_statement(&mut self, place: Place) -> Parse<StmtId> {
        if place != Place::List && !self.is_word(word::VAR) {
            return self.unexpected("a statement");
        }
        let mut declaration = self.declaration(false)?;
        self.check_initialized(&declaration)?;
        self.semicolon()?;
        declaration.span = self.span_from(declaration.span.start);
        self.add_stmt(declaration.span, StmtKind::Declare(declaration))
    }

    fn declaration(&mut self, no_in: bool) -> Parse<Declaration> {
        let start = self.start();
        let kind = match self.token.kind {
            TokenKind::Name(word::VAR) => DeclarationKind::Var,
            TokenKind::Name(word::CONST) => DeclarationKind::Const,
            _ => DeclarationKind::Let,
        };
        self.advance()?;
        let mut declarators = Vec::new();
        loop {
            let start = self.start();
            let target = self.binding()?;
            self.declare_pattern(kind, target)?;
            let init = if self.eat(Punct::Assign)? { Some(self.assignment(no_in)?) } else { None };
            declarators.push(Declarator { span: self.span_from(start), target, init });
            if !self.eat(Punct::Comma)? {
                break;
            }
        }
        Ok(Declaration { span: self.span_from(start), kind, declarators })
    }

    /// Outside of loop heads a constant and a pattern need a value.
    fn check_initialized(&mut self, declaration: &Declaration) -> Parse<()> {
        for declarator in &declaration.declarators {
            let is_name = matches!(self.tree[declarator.target].kind, PatternKind::Name(_));
            if declarator.init.is_none() && (declaration.kind == DeclarationKind::Const || !is_name) {
                return self.wrong(declarator.span, "this declaration needs a value");
            }
        }
        Ok(())
    }
}
