//! Object literals and the keys of properties. A body has no objects, but destructuring reads like them.

use super::*;

/// What stands before a key: `get`, `set`, `async`, `*`, in objects and classes.
#[derive(Default)]
pub(super) struct Modifiers {
    pub(super) is_async: bool,
    pub(super) is_generator: bool,
    /// `"get"` or `"set"`
    pub(super) accessor: Option<&'static str>,
}

impl Parser<'_> {
    pub(super) fn object(&mut self) -> Parse<ExprId> {
        let start = self.start();
        self.advance()?;
        let mut properties = Vec::new();
        while !self.is(Punct::BraceClose) {
            properties.push(self.property()?);
            if !self.is(Punct::BraceClose) {
                self.expect(Punct::Comma)?;
            }
        }
        self.expect(Punct::BraceClose)?;
        self.add_foreign(self.span_from(start), Foreign::Object(properties))
    }

    fn property(&mut self) -> Parse<Property> {
        let start = self.start();
        if self.eat(Punct::Ellipsis)? {
            let value = self.assignment(false)?;
            return Ok(Property { span: self.span_from(start), kind: PropertyKind::Spread(value) });
        }
        let modifiers = self.modifiers(false)?;
        let token = self.token;
        let key = self.property_key(false)?;
        let plain = !modifiers.is_async && !modifiers.is_generator && modifiers.accessor.is_none();
        let (mut method, mut shorthand, mut default) = (false, false, None);
        let value = if self.is(Punct::ParenOpen) {
            method = modifiers.accessor.is_none();
            self.method(modifiers.is_async, modifiers.is_generator)?
        } else if !plain {
            return self.unexpected("(");
        } else if self.eat(Punct::Colon)? {
            self.assignment(false)?
        } else {
            shorthand = true;
            let identifier = self.shorthand_name(token, key)?;
            if self.eat(Punct::Assign)? {
                default = Some(self.assignment(false)?);
            }
            self.add_expr(identifier.span, ExprKind::Name(identifier.name))?
        };
        let kind = modifiers.accessor.unwrap_or("init");
        let kind = PropertyKind::Value { key, value, kind, method, shorthand, default };
        Ok(Property { span: self.span_from(start), kind })
    }

    /// `get`, `set`, `async` and `*` where a key follows; otherwise they are keys themselves.
    pub(super) fn modifiers(&mut self, in_class: bool) -> Parse<Modifiers> {
        let mut modifiers = Modifiers::default();
        for (word, text) in [(word::ASYNC, None), (word::GET, Some("get")), (word::SET, Some("set"))] {
            if self.is_word(word) && self.key_follows(in_class, word == word::ASYNC)? {
                self.advance()?;
                modifiers.is_async = word == word::ASYNC;
                modifiers.accessor = text;
                break;
            }
        }
        if modifiers.accessor.is_none() {
            modifiers.is_generator = self.eat(Punct::Star)?;
        }
        Ok(modifiers)
    }

    /// Whether a key stands behind the token: then the token is a modifier.
    pub(super) fn key_follows(&mut self, in_class: bool, is_async: bool) -> Parse<bool> {
        let next = self.peek()?;
        Ok(match next.kind {
            TokenKind::Name(_) | TokenKind::String | TokenKind::Number(_) | TokenKind::BigInt => {
                !(is_async && next.newline_before)
            }
            TokenKind::Private(_) => in_class && !(is_async && next.newline_before),
            TokenKind::Punct(Punct::BracketOpen) => !(is_async && next.newline_before),
            TokenKind::Punct(Punct::Star) => is_async && !next.newline_before,
            _ => false,
        })
    }

    pub(super) fn property_key(&mut self, in_class: bool) -> Parse<PropertyKey> {
        let Token { kind, span, .. } = self.token;
        match kind {
            TokenKind::Name(name) => {
                self.advance()?;
                Ok(PropertyKey::Name(name, span))
            }
            TokenKind::Private(name) if in_class => {
                self.advance()?;
                Ok(PropertyKey::Private(name, span))
            }
            TokenKind::String | TokenKind::Number(_) | TokenKind::BigInt => {
                Ok(PropertyKey::Literal(self.primary(true)?))
            }
            TokenKind::Punct(Punct::BracketOpen) => {
                self.advance()?;
                let key = self.assignment(false)?;
                self.expect(Punct::BracketClose)?;
                Ok(PropertyKey::Computed(key))
            }
            _ => self.unexpected("a property"),
        }
    }
}
