//! Expressions without operators: literals, names, parentheses and arrows, arrays, `new`, templates.

use super::function::Head;
use super::*;

impl Parser<'_> {
    /// Without `calls` (behind `new`) neither arrows nor `import()` can stand here.
    pub(super) fn primary(&mut self, calls: bool) -> Parse<ExprId> {
        let Token { kind, span, escaped, legacy, .. } = self.token;
        let start = span.start;
        match kind {
            TokenKind::Number(_) | TokenKind::String if legacy && self.context.strict => {
                self.wrong(span, "strict code has no octal numbers and escapes of this form")
            }
            TokenKind::Number(value) => self.leaf(ExprKind::Number(value)),
            TokenKind::BigInt => self.leaf(ExprKind::Foreign(Foreign::BigInt)),
            TokenKind::String => {
                let value = self.lexer.string_value(span)?;
                self.leaf(ExprKind::String(value))
            }
            TokenKind::Template => self.template(start, None),
            TokenKind::Punct(Punct::ParenOpen) => self.parenthesis(calls),
            TokenKind::Punct(Punct::BracketOpen) => self.array(),
            TokenKind::Punct(Punct::BraceOpen) => self.object(),
            TokenKind::Punct(Punct::Slash | Punct::SlashAssign) => {
                self.token.span = self.lexer.regex(start)?;
                self.leaf(ExprKind::Foreign(Foreign::Regex))
            }
            TokenKind::Name(name) if !escaped => match name {
                word::TRUE => self.leaf(ExprKind::Bool(true)),
                word::FALSE => self.leaf(ExprKind::Bool(false)),
                word::NULL => self.leaf(ExprKind::Null),
                word::THIS => self.leaf(ExprKind::Foreign(Foreign::This)),
                word::SUPER => {
                    let id = self.leaf(ExprKind::Foreign(Foreign::Super))?;
                    let follows = matches!(
                        self.token.kind,
                        TokenKind::Punct(Punct::Dot | Punct::BracketOpen | Punct::ParenOpen)
                    );
                    if follows { Ok(id) } else { self.unexpected(".") }
                }
                word::FUNCTION => {
                    let function = self.function(FunctionKind::Expression)?;
                    self.add_expr(self.span_from(start), ExprKind::Function(function))
                }
                word::CLASS => {
                    let class = self.class()?;
                    self.add_foreign(self.span_from(start), Foreign::Class(class))
                }
                word::NEW => self.nested(Self::new_expression),
                word::IMPORT => self.import(calls),
                _ => self.name_or_arrow(calls),
            },
            TokenKind::Name(_) => self.name_or_arrow(calls),
            _ => self.unexpected("an expression"),
        }
    }

    fn leaf(&mut self, kind: ExprKind) -> Parse<ExprId> {
        let span = self.token.span;
        self.advance()?;
        self.add_expr(span, kind)
    }

    fn name_or_arrow(&mut self, calls: bool) -> Parse<ExprId> {
        let start = self.start();
        let may_be_arrow = calls && self.arrow_at == start;
        if self.is_word(word::ASYNC) {
            let next = self.peek()?;
            if !next.newline_before && !next.escaped && next.kind == TokenKind::Name(word::FUNCTION) {
                let function = self.function(FunctionKind::Expression)?;
                return self.add_expr(self.span_from(start), ExprKind::Function(function));
            }
            if may_be_arrow
                && !next.newline_before
                && matches!(next.kind, TokenKind::Name(name) if !name.is_reserved())
            {
                // `async x => …`; of a name behind `async` nothing else can be made, except `async of` in loops.
                let pos = self.lexer.position();
                self.lexer.rewind(next.span.end as usize);
                let arrow = self.lexer.next()?;
                self.lexer.rewind(pos);
                if arrow.kind == TokenKind::Punct(Punct::Arrow) && !arrow.newline_before {
                    self.advance()?;
                    let head = Head { is_async: true, ..Head::new(start, FunctionKind::Arrow) };
                    let outer = self.enter(&head);
                    let param = self.binding()?;
                    return self.arrow_rest(head, vec![param], outer);
                }
            }
        }
        let name = self.identifier()?;
        if may_be_arrow && self.is(Punct::Arrow) && !self.token.newline_before {
            self.check_bindable(name)?;
            let param = self.add_pattern(name.span, PatternKind::Name(name.name))?;
            let head = Head::new(start, FunctionKind::Arrow);
            let outer = self.enter_arrow(&head);
            return self.arrow_rest(head, vec![param], outer);
        }
        self.add_expr(name.span, ExprKind::Name(name.name))
    }

    fn enter_arrow(&mut self, head: &Head) -> function::Context {
        // An arrow function has the `await` of what is around it in static blocks; elsewhere its own.
        let no_await = self.context.no_await && !self.context.is_async;
        let outer = self.enter(head);
        self.context.no_await |= no_await;
        outer
    }

    fn arrow_rest(&mut self, head: Head, params: Vec<PatternId>, outer: function::Context) -> Parse<ExprId> {
        self.expect(Punct::Arrow)?;
        let function = self.arrow_body(head, params, false, outer)?;
        self.add_expr(self.span_from(head.start), ExprKind::Function(function))
    }

    /// Behind `async (…)`, where `=>` is the token.
    pub(super) fn async_arrow(
        &mut self,
        start: u32,
        args: Vec<Element>,
        trailing_comma: bool,
    ) -> Parse<ExprId> {
        let head = Head { is_async: true, ..Head::new(start, FunctionKind::Arrow) };
        let outer = self.enter(&head);
        let params = self.elements_to_params(args, trailing_comma)?;
        self.arrow_rest(head, params, outer)
    }

    fn elements_to_params(&mut self, elements: Vec<Element>, trailing_comma: bool) -> Parse<Vec<PatternId>> {
        let last = elements.len().wrapping_sub(1);
        let mut params = Vec::with_capacity(elements.len());
        for (i, element) in elements.into_iter().enumerate() {
            params.push(match element {
                Element::Expr(id) => self.convert_to_pattern(id, true)?,
                Element::Spread(span, _) if i != last || trailing_comma => {
                    return self.wrong(span, "nothing can follow what takes the rest");
                }
                Element::Spread(span, id) => self.convert_to_rest(span, id, true)?,
            });
        }
        Ok(params)
    }

    /// `(a, b)` or `(a, b) => …`: which of the two is known at its end.
    fn parenthesis(&mut self, calls: bool) -> Parse<ExprId> {
        let start = self.start();
        let may_be_arrow = calls && self.arrow_at == start;
        let open = self.token.span;
        self.advance()?;
        let inner_start = self.start();
        let mut elements = Vec::new();
        let mut trailing_comma = None;
        while !self.is(Punct::ParenClose) {
            trailing_comma = None;
            let spread = self.is(Punct::Ellipsis);
            if spread && !may_be_arrow {
                return self.unexpected("an expression");
            }
            // What takes the rest in parameters is a name, an array or an object: an assignment of these is refused later.
            elements.push(self.element()?);
            if spread || !self.is(Punct::Comma) {
                break;
            }
            trailing_comma = Some(self.token.span);
            self.advance()?;
        }
        let inner_end = self.previous_end;
        self.expect(Punct::ParenClose)?;
        if may_be_arrow && self.is(Punct::Arrow) && !self.token.newline_before {
            let head = Head::new(start, FunctionKind::Arrow);
            let outer = self.enter_arrow(&head);
            let params = self.elements_to_params(elements, false)?;
            return self.arrow_rest(head, params, outer);
        }
        if let Some(span) = trailing_comma {
            return self.wrong(span, "an expression should follow this comma");
        }
        let mut values = Vec::with_capacity(elements.len());
        for element in elements {
            match element {
                Element::Expr(id) => values.push(id),
                Element::Spread(span, _) => {
                    return self.wrong(span, "`...` can stand in arguments, arrays and parameters");
                }
            }
        }
        let id = match values[..] {
            [] => {
                return self.wrong(
                    Span::new(open.start, self.previous_end),
                    "an expression should stand in these parentheses",
                );
            }
            [id] => id,
            _ => self.add_expr(Span::new(inner_start, inner_end), ExprKind::Sequence(values))?,
        };
        self.exprs[id.index()].parenthesized = true;
        Ok(id)
    }

    fn array(&mut self) -> Parse<ExprId> {
        let start = self.start();
        self.advance()?;
        let mut items = Vec::new();
        let mut comma_after_spread = false;
        while !self.is(Punct::BracketClose) {
            if self.eat(Punct::Comma)? {
                items.push(None);
                continue;
            }
            let item = self.element()?;
            items.push(Some(item));
            if !self.is(Punct::BracketClose) {
                self.expect(Punct::Comma)?;
                comma_after_spread = matches!(item, Element::Spread(..));
            }
        }
        self.expect(Punct::BracketClose)?;
        let id = self.add_expr(self.span_from(start), ExprKind::Array(items))?;
        if comma_after_spread {
            self.comma_after_spread.insert(id);
        }
        Ok(id)
    }

    fn new_expression(&mut self) -> Parse<ExprId> {
        let start = self.start();
        self.advance()?;
        if self.eat(Punct::Dot)? {
            self.expect_word(word::TARGET)?;
            return self.add_foreign(self.span_from(start), Foreign::Meta);
        }
        if self.is_word(word::IMPORT) {
            return self.unexpected("a constructor");
        }
        let callee = self.subscripts(false)?;
        let args = if self.is(Punct::ParenOpen) { self.arguments()?.0 } else { Vec::new() };
        self.add_expr(self.span_from(start), ExprKind::New { callee, args })
    }

    fn import(&mut self, calls: bool) -> Parse<ExprId> {
        let start = self.start();
        self.advance()?;
        if self.eat(Punct::Dot)? {
            self.expect_word(word::META)?;
            return self.add_foreign(self.span_from(start), Foreign::Meta);
        }
        if !calls {
            return self.unexpected(".");
        }
        self.expect(Punct::ParenOpen)?;
        let mut args = vec![self.assignment(false)?];
        if self.eat(Punct::Comma)? && !self.is(Punct::ParenClose) {
            args.push(self.assignment(false)?);
            self.eat(Punct::Comma)?;
        }
        self.expect(Punct::ParenClose)?;
        self.add_foreign(self.span_from(start), Foreign::Import(args))
    }

    /// From the backtick on; `start` is that of the tag, if there is one.
    pub(super) fn template(&mut self, start: u32, tag: Option<ExprId>) -> Parse<ExprId> {
        let own_start = self.start();
        let mut texts = Vec::new();
        let mut values = Vec::new();
        loop {
            // The lexer stands behind the backtick or brace that is the token.
            let (text, more) = self.lexer.template_text()?;
            texts.push(text);
            self.advance()?;
            if !more {
                break;
            }
            values.push(self.expression(false)?);
            if !self.is(Punct::BraceClose) {
                return self.unexpected("}");
            }
        }
        // `advance` counted from the token that the template started with.
        self.previous_end = texts.last().map_or(own_start, |text| text.end + 1);
        let span = Span::new(own_start, self.previous_end);
        self.add_foreign(self.span_from(start), Foreign::Template(Template { tag, span, texts, values }))
    }
}
