//! What `Function.prototype.toString()` returns: all the forms in which a function can be written.

use super::function::Head;
use super::*;

/// The text is not a function that can be read, whatever is in it.
pub(in crate::syntax) type Entry = Result<(Tree, Vec<Diagnostic>), Diagnostic>;

impl Parser<'_> {
    pub(in crate::syntax) fn parse(mut self) -> Entry {
        match self.whole() {
            Ok(root) => {
                self.tree.root = root;
                self.tree.names = self.lexer.names;
                Ok((self.tree, self.lexer.refusals))
            }
            Err(Fatal) => {
                let span = self.token.span;
                Err(self.lexer.fatal.unwrap_or_else(|| Diagnostic::new(Kind::Syntax, span)))
            }
        }
    }

    fn whole(&mut self) -> Parse<FunctionId> {
        self.advance()?;
        let function = self.entry()?;
        match self.token.kind {
            TokenKind::End => Ok(function),
            _ => self.wrong(self.token.span, "the function ends before this"),
        }
    }

    fn entry(&mut self) -> Parse<FunctionId> {
        let next = self.peek()?;
        let is_async = self.is_word(word::ASYNC) && !next.newline_before;
        if self.is_word(word::CLASS) {
            return self.refuse_all(Kind::ClassBody);
        }
        if self.is_word(word::FUNCTION) || (is_async && next.kind == TokenKind::Name(word::FUNCTION)) {
            self.check_native()?;
            return self.function(FunctionKind::Expression);
        }
        match self.token.kind {
            TokenKind::Punct(Punct::ParenOpen) => return self.arrow(false),
            TokenKind::Name(_) if next.kind == TokenKind::Punct(Punct::Arrow) => return self.arrow(false),
            TokenKind::Name(name) if is_async && name == word::ASYNC => {
                if let TokenKind::Name(_) | TokenKind::Punct(Punct::ParenOpen) = next.kind
                    && let Some(arrow) = self.async_entry(next)?
                {
                    return Ok(arrow);
                }
            }
            TokenKind::Name(_)
            | TokenKind::Private(_)
            | TokenKind::String
            | TokenKind::Number(_)
            | TokenKind::BigInt => {}
            TokenKind::Punct(Punct::BracketOpen | Punct::Star) => {}
            _ => return self.refuse_all(Kind::NotAFunction),
        }
        self.method_entry()
    }

    fn refuse_all<T>(&mut self, kind: Kind) -> Parse<T> {
        let span = self.token.span;
        self.lexer.fail(Diagnostic::new(kind, span))
    }

    /// `function () { [native code] }`: native functions, bound ones, proxies.
    fn check_native(&mut self) -> Parse<()> {
        let source = self.lexer.source().trim_end();
        let body = source.strip_suffix('}').map(|rest| rest.trim_end());
        let native = body.and_then(|rest| rest.strip_suffix("[native code]")).map(|rest| rest.trim_end());
        match native {
            Some(rest) if rest.ends_with('{') => {
                let span = Span::new(self.start(), source.len() as u32);
                self.lexer.fail(Diagnostic::new(Kind::NativeFunction, span))
            }
            _ => Ok(()),
        }
    }

    /// `a => …`, `(a, b) => …`, or behind `async`: here parentheses can only be parameters.
    fn arrow(&mut self, is_async: bool) -> Parse<FunctionId> {
        let start = if is_async { self.previous_start_of_async() } else { self.start() };
        let head = Head { is_async, ..Head::new(start, FunctionKind::Arrow) };
        let outer = self.enter(&head);
        let params = if self.is(Punct::ParenOpen) { self.parameters()? } else { vec![self.binding()?] };
        if !self.is(Punct::Arrow) || self.token.newline_before {
            return self.unexpected("=>");
        }
        self.advance()?;
        self.arrow_body(head, params, false, outer)
    }

    fn previous_start_of_async(&self) -> u32 {
        self.previous_end - "async".len() as u32
    }

    /// `async x => …`, `async (x) => …`; none if it is a method, such as `async(x) { … }` or `async m(x) { … }`.
    fn async_entry(&mut self, next: Token) -> Parse<Option<FunctionId>> {
        let (token, pos, ends) = (self.token, self.lexer.position(), self.ends());
        if next.kind == TokenKind::Punct(Punct::ParenOpen) {
            // Tell by what follows the parameters: read them once to see.
            self.advance()?;
            let outer = self.enter(&Head::new(token.span.start, FunctionKind::Arrow));
            self.parameters()?;
            self.context = outer;
        } else {
            self.advance()?;
            self.advance()?;
        }
        let is_arrow = self.is(Punct::Arrow);
        self.truncate(ends);
        self.token = token;
        self.lexer.rewind(pos);
        if !is_arrow {
            return Ok(None);
        }
        self.advance()?;
        self.arrow(true).map(Some)
    }

    /// `m(i) { … }`, with all that can stand before and as its name.
    fn method_entry(&mut self) -> Parse<FunctionId> {
        let start = self.start();
        let mut is_static = false;
        if self.is_word(word::STATIC) {
            let next = self.peek()?;
            is_static = self.key_follows(true, false)? || next.kind == TokenKind::Punct(Punct::Star);
            if is_static {
                self.advance()?;
            }
        }
        let modifiers = self.modifiers(true)?;
        let key = self.property_key(true)?;
        self.tree.key_end = self.ends();
        // Only classes have these, and all of a class is strict.
        self.context.strict |= is_static || matches!(key, PropertyKey::Private(..));
        if !self.is(Punct::ParenOpen) {
            return self.refuse_all(Kind::NotAFunction);
        }
        self.check_native()?;
        let (is_async, is_generator) = (modifiers.is_async, modifiers.is_generator);
        let accessor = modifiers.accessor;
        let id =
            self.function_rest(Head { is_async, is_generator, ..Head::new(start, FunctionKind::Method) })?;
        self.tree[id].key = Some(key);
        let params = &self.tree[id].params;
        let is_rest = params.iter().any(|param| matches!(self.tree[*param].kind, PatternKind::Rest(_)));
        if accessor.is_some_and(|kind| is_rest || params.len() != usize::from(kind == "set")) {
            let span = self.tree[id].span;
            return self.wrong(span, "a getter has no parameters, and a setter has one");
        }
        Ok(id)
    }
}
