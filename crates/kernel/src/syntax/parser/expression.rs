//! Expressions with operators, calls and members.

use super::*;

/// The operator that a token is between two operands, and how tightly it binds.
enum Infix {
    Binary(BinaryOp, u8),
    Logical(LogicalOp, u8),
}

const POWER: u8 = 14;

fn infix(token: &Token, no_in: bool) -> Option<Infix> {
    use Infix::{Binary, Logical};
    let punct = match token.kind {
        TokenKind::Name(word::IN) if !no_in && !token.escaped => return Some(Binary(BinaryOp::In, 10)),
        TokenKind::Name(word::INSTANCEOF) if !token.escaped => return Some(Binary(BinaryOp::Instanceof, 10)),
        TokenKind::Punct(punct) => punct,
        _ => return None,
    };
    Some(match punct {
        Punct::Coalesce => Logical(LogicalOp::Coalesce, 1),
        Punct::OrOr => Logical(LogicalOp::Or, 2),
        Punct::AndAnd => Logical(LogicalOp::And, 3),
        Punct::Or => Binary(BinaryOp::BitOr, 4),
        Punct::Xor => Binary(BinaryOp::BitXor, 5),
        Punct::And => Binary(BinaryOp::BitAnd, 6),
        Punct::Equal => Binary(BinaryOp::Equal, 7),
        Punct::NotEqual => Binary(BinaryOp::NotEqual, 7),
        Punct::StrictEqual => Binary(BinaryOp::StrictEqual, 7),
        Punct::StrictNotEqual => Binary(BinaryOp::StrictNotEqual, 7),
        Punct::Less => Binary(BinaryOp::Less, 10),
        Punct::LessEqual => Binary(BinaryOp::LessEqual, 10),
        Punct::Greater => Binary(BinaryOp::Greater, 10),
        Punct::GreaterEqual => Binary(BinaryOp::GreaterEqual, 10),
        Punct::ShiftLeft => Binary(BinaryOp::ShiftLeft, 11),
        Punct::ShiftRight => Binary(BinaryOp::ShiftRight, 11),
        Punct::ShiftRightUnsigned => Binary(BinaryOp::ShiftRightUnsigned, 11),
        Punct::Plus => Binary(BinaryOp::Add, 12),
        Punct::Minus => Binary(BinaryOp::Subtract, 12),
        Punct::Star => Binary(BinaryOp::Multiply, 13),
        Punct::Slash => Binary(BinaryOp::Divide, 13),
        Punct::Percent => Binary(BinaryOp::Remainder, 13),
        Punct::StarStar => Binary(BinaryOp::Power, POWER),
        _ => return None,
    })
}

fn assign_op(token: &Token) -> Option<AssignOp> {
    use AssignOp::{Binary, Logical};
    let TokenKind::Punct(punct) = token.kind else { return None };
    Some(match punct {
        Punct::Assign => AssignOp::Assign,
        Punct::PlusAssign => Binary(BinaryOp::Add),
        Punct::MinusAssign => Binary(BinaryOp::Subtract),
        Punct::StarAssign => Binary(BinaryOp::Multiply),
        Punct::StarStarAssign => Binary(BinaryOp::Power),
        Punct::SlashAssign => Binary(BinaryOp::Divide),
        Punct::PercentAssign => Binary(BinaryOp::Remainder),
        Punct::ShiftLeftAssign => Binary(BinaryOp::ShiftLeft),
        Punct::ShiftRightAssign => Binary(BinaryOp::ShiftRight),
        Punct::ShiftRightUnsignedAssign => Binary(BinaryOp::ShiftRightUnsigned),
        Punct::AndAssign => Binary(BinaryOp::BitAnd),
        Punct::OrAssign => Binary(BinaryOp::BitOr),
        Punct::XorAssign => Binary(BinaryOp::BitXor),
        Punct::AndAndAssign => Logical(LogicalOp::And),
        Punct::OrOrAssign => Logical(LogicalOp::Or),
        Punct::CoalesceAssign => Logical(LogicalOp::Coalesce),
        _ => return None,
    })
}

impl Parser<'_> {
    /// `a, b`; with `no_in`, `in` is no operator (in the head of a `for`).
    pub(super) fn expression(&mut self, no_in: bool) -> Parse<ExprId> {
        let start = self.start();
        let first = self.assignment(no_in)?;
        if !self.is(Punct::Comma) {
            return Ok(first);
        }
        let mut list = vec![first];
        while self.eat(Punct::Comma)? {
            list.push(self.assignment(no_in)?);
        }
        self.add_expr(self.span_from(start), ExprKind::Sequence(list))
    }

    /// An expression without a comma.
    pub(super) fn assignment(&mut self, no_in: bool) -> Parse<ExprId> {
        self.nested(|p| {
            let start = p.start();
            if p.context.is_generator && p.is_word(word::YIELD) {
                return p.yield_expression(no_in);
            }
            p.arrow_at = start;
            let left = p.binary(0, no_in)?;
            if p.is(Punct::Question) && !p.is_bare_arrow(left) {
                return p.conditional(start, left, no_in);
            }
            p.assignment_rest(start, left, no_in)
        })
    }

    /// Behind what may be the target of an assignment.
    fn assignment_rest(&mut self, start: u32, left: ExprId, no_in: bool) -> Parse<ExprId> {
        let Some(op) = assign_op(&self.token).filter(|_| !self.is_bare_arrow(left)) else { return Ok(left) };
        let target = if op == AssignOp::Assign {
            self.convert_to_pattern(left, false)?
        } else {
            self.simple_target(left)?
        };
        self.advance()?;
        let value = self.assignment(no_in)?;
        self.add_expr(self.span_from(start), ExprKind::Assign { op, target, value })
    }

    /// A target that is read before it is written: no array, no object.
    fn simple_target(&mut self, id: ExprId) -> Parse<PatternId> {
        self.check_simple_target(id)?;
        self.convert_to_pattern(id, false)
    }

    fn check_simple_target(&mut self, id: ExprId) -> Parse<()> {
        let span = self.tree[id].span;
        match self.tree[id].kind {
            ExprKind::Name(name) => self.check_bindable(Identifier { span, name }),
            ExprKind::Member { .. }
            | ExprKind::Index { .. }
            | ExprKind::Foreign(Foreign::PrivateMember(..)) => Ok(()),
            _ => self.wrong(span, "only a variable or an element can be assigned"),
        }
    }

    /// An arrow function without parentheses around it ends an assignment expression.
    fn is_bare_arrow(&self, id: ExprId) -> bool {
        match self.tree[id].kind {
            ExprKind::Function(f) => self.tree[f].kind == FunctionKind::Arrow && !self.is_parenthesized(id),
            _ => false,
        }
    }

    fn yield_expression(&mut self, no_in: bool) -> Parse<ExprId> {
        let start = self.start();
        self.advance()?;
        let mut delegates = false;
        let mut value = None;
        let ends = self.can_end_statement()
            || matches!(
                self.token.kind,
                TokenKind::Punct(
                    Punct::Semicolon | Punct::Comma | Punct::Colon | Punct::ParenClose | Punct::BracketClose
                )
            )
            || self.is_word(word::IN);
        if !ends {
            delegates = self.eat(Punct::Star)?;
            value = Some(self.assignment(no_in)?);
        }
        self.add_foreign(self.span_from(start), Foreign::Yield(value, delegates))
    }

    /// `a ? b : c ? d : e`: a loop, so that long chains nest no deeper than short ones.
    fn conditional(&mut self, start: u32, test: ExprId, no_in: bool) -> Parse<ExprId> {
        let mut open = vec![];
        let (mut start, mut test) = (start, test);
        let mut no = loop {
            self.expect(Punct::Question)?;
            let yes = self.assignment(false)?;
            self.expect(Punct::Colon)?;
            open.push((start, test, yes));
            start = self.start();
            if self.context.is_generator && self.is_word(word::YIELD) {
                break self.assignment(no_in)?;
            }
            self.arrow_at = start;
            test = self.binary(0, no_in)?;
            if !self.is(Punct::Question) || self.is_bare_arrow(test) {
                break self.assignment_rest(start, test, no_in)?;
            }
        };
        while let Some((start, test, yes)) = open.pop() {
            no = self.add_expr(self.span_from(start), ExprKind::Conditional { test, yes, no })?;
        }
        Ok(no)
    }

    /// Operators that bind more tightly than `minimum`.
    fn binary(&mut self, minimum: u8, no_in: bool) -> Parse<ExprId> {
        let start = self.start();
        let mut left = if let TokenKind::Private(name) = self.token.kind {
            let span = self.token.span;
            self.advance()?;
            if !self.is_word(word::IN) || no_in || minimum >= 10 {
                return self.wrong(span, "a private name stands alone only before `in`");
            }
            self.add_foreign(span, Foreign::PrivateName(name))?
        } else {
            self.unary()?
        };
        while let Some(infix) = infix(&self.token, no_in) {
            let (Infix::Binary(_, strength) | Infix::Logical(_, strength)) = infix;
            if strength <= minimum || self.is_bare_arrow(left) {
                break;
            }
            if strength == POWER
                && matches!(
                    self.tree[left].kind,
                    ExprKind::Unary { .. } | ExprKind::Foreign(Foreign::Await(_))
                )
                && !self.is_parenthesized(left)
            {
                let span = self.tree[left].span;
                return self.wrong(span, "the left side of `**` needs parentheses here");
            }
            self.advance()?;
            // `**` groups from the right; `binary` is then deeper by one operator each time.
            let right = if strength == POWER {
                self.nested(|p| p.binary(POWER - 1, no_in))?
            } else {
                self.binary(strength, no_in)?
            };
            let span = self.span_from(start);
            left = match infix {
                Infix::Binary(op, _) => self.add_expr(span, ExprKind::Binary { op, left, right })?,
                Infix::Logical(op, _) => {
                    self.check_mixed(op, left)?;
                    self.check_mixed(op, right)?;
                    self.add_expr(span, ExprKind::Logical { op, left, right })?
                }
            };
        }
        Ok(left)
    }

    /// `a ?? b || c` needs parentheses.
    fn check_mixed(&mut self, outer: LogicalOp, id: ExprId) -> Parse<()> {
        let Expr { span, kind: ExprKind::Logical { op, .. } } = self.tree[id] else { return Ok(()) };
        if (outer == LogicalOp::Coalesce) != (op == LogicalOp::Coalesce) && !self.is_parenthesized(id) {
            return self.wrong(span, "`??` beside `&&` or `||` needs parentheses");
        }
        Ok(())
    }

    fn unary(&mut self) -> Parse<ExprId> {
        let start = self.start();
        let op = match self.token.kind {
            TokenKind::Punct(Punct::Minus) => UnaryOp::Minus,
            TokenKind::Punct(Punct::Plus) => UnaryOp::Plus,
            TokenKind::Punct(Punct::Not) => UnaryOp::Not,
            TokenKind::Punct(Punct::Tilde) => UnaryOp::BitNot,
            TokenKind::Name(word::TYPEOF) if !self.token.escaped => UnaryOp::Typeof,
            TokenKind::Name(word::VOID) if !self.token.escaped => UnaryOp::Void,
            TokenKind::Name(word::DELETE) if !self.token.escaped => UnaryOp::Delete,
            TokenKind::Name(word::AWAIT) if self.context.is_async && !self.token.escaped => {
                self.advance()?;
                let operand = self.nested(Self::unary)?;
                return self.add_foreign(self.span_from(start), Foreign::Await(operand));
            }
            TokenKind::Punct(Punct::PlusPlus | Punct::MinusMinus) => {
                let op = self.update_op();
                self.advance()?;
                let target = self.nested(Self::unary)?;
                self.check_simple_target(target)?;
                return self.add_expr(self.span_from(start), ExprKind::Update { op, prefix: true, target });
            }
            _ => return self.postfix(),
        };
        self.advance()?;
        let operand = self.nested(Self::unary)?;
        if op == UnaryOp::Delete
            && self.context.strict
            && matches!(self.tree[operand].kind, ExprKind::Name(_))
        {
            return self.wrong(self.span_from(start), "strict code cannot delete a variable");
        }
        self.add_expr(self.span_from(start), ExprKind::Unary { op, operand })
    }

    fn update_op(&self) -> UpdateOp {
        if self.is(Punct::PlusPlus) { UpdateOp::Increment } else { UpdateOp::Decrement }
    }

    fn postfix(&mut self) -> Parse<ExprId> {
        let start = self.start();
        let target = self.subscripts(true)?;
        if !matches!(self.token.kind, TokenKind::Punct(Punct::PlusPlus | Punct::MinusMinus))
            || self.token.newline_before
            || self.is_bare_arrow(target)
        {
            return Ok(target);
        }
        let op = self.update_op();
        self.check_simple_target(target)?;
        self.advance()?;
        self.add_expr(self.span_from(start), ExprKind::Update { op, prefix: false, target })
    }

    /// A primary expression with what follows: members, calls, templates. Without `calls` (behind `new`) a call ends it.
    pub(super) fn subscripts(&mut self, calls: bool) -> Parse<ExprId> {
        let start = self.start();
        let may_be_arrow = self.arrow_at == start;
        let mut base = self.primary(calls)?;
        if self.is_bare_arrow(base) {
            return Ok(base);
        }
        let mut chain = false;
        loop {
            let optional = self.is(Punct::QuestionDot);
            if optional {
                if !calls {
                    return self.unexpected("(");
                }
                chain = true;
                self.advance()?;
            }
            if self.is(Punct::ParenOpen) && calls {
                let is_async = may_be_arrow
                    && !optional
                    && !self.is_parenthesized(base)
                    && !self.token.newline_before
                    && matches!(self.tree[base].kind, ExprKind::Name(word::ASYNC))
                    && self.tree[base].span == Span::new(start, self.previous_end)
                    && self.previous_end - start == 5;
                let (args, trailing_comma) = self.arguments()?;
                if is_async && self.is(Punct::Arrow) && !self.token.newline_before {
                    self.tree[base].kind = ExprKind::Removed;
                    return self.async_arrow(start, args, trailing_comma);
                }
                base =
                    self.add_expr(self.span_from(start), ExprKind::Call { callee: base, args, optional })?;
            } else if self.eat(Punct::BracketOpen)? {
                let index = self.expression(false)?;
                self.expect(Punct::BracketClose)?;
                base =
                    self.add_expr(self.span_from(start), ExprKind::Index { object: base, index, optional })?;
            } else if self.is(Punct::Dot) || optional && !self.is_template() {
                if !optional {
                    self.advance()?;
                }
                let property_span = self.token.span;
                let kind = match self.token.kind {
                    TokenKind::Name(property) => {
                        ExprKind::Member { object: base, property, property_span, optional }
                    }
                    TokenKind::Private(name) => {
                        ExprKind::Foreign(Foreign::PrivateMember(base, name, optional))
                    }
                    _ => return self.unexpected("a name"),
                };
                self.advance()?;
                base = self.add_expr(self.span_from(start), kind)?;
            } else if self.is_template() {
                if chain {
                    return self.unexpected("a name");
                }
                base = self.template(start, Some(base))?;
            } else {
                break;
            }
        }
        if chain { self.add_foreign(self.span_from(start), Foreign::Chain(base)) } else { Ok(base) }
    }

    fn is_template(&self) -> bool {
        self.token.kind == TokenKind::Template
    }

    /// `(a, ...b)`, and whether a comma stood at its end.
    pub(super) fn arguments(&mut self) -> Parse<(Vec<Element>, bool)> {
        self.expect(Punct::ParenOpen)?;
        let mut args = Vec::new();
        let mut trailing_comma = false;
        while !self.is(Punct::ParenClose) {
            args.push(self.element()?);
            trailing_comma = self.is(Punct::Comma);
            if !self.is(Punct::ParenClose) {
                self.expect(Punct::Comma)?;
            }
        }
        self.expect(Punct::ParenClose)?;
        Ok((args, trailing_comma))
    }

    /// `a` or `...a` in arguments and arrays.
    pub(super) fn element(&mut self) -> Parse<Element> {
        let start = self.start();
        if self.eat(Punct::Ellipsis)? {
            let value = self.assignment(false)?;
            return Ok(Element::Spread(self.span_from(start), value));
        }
        Ok(Element::Expr(self.assignment(false)?))
    }
}
