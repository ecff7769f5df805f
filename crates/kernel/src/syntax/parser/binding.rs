//! Patterns: read as such in declarations and parameters, and made from expressions where `=` or `=>` follows.

use super::*;

impl Parser<'_> {
    /// `a`, `[a, b]` or `{ a }` in a declaration.
    pub(super) fn binding(&mut self) -> Parse<PatternId> {
        let start = self.start();
        match self.token.kind {
            TokenKind::Punct(Punct::BracketOpen) => self.nested(|p| {
                p.advance()?;
                let mut items = Vec::new();
                while !p.is(Punct::BracketClose) {
                    if p.eat(Punct::Comma)? {
                        items.push(None);
                        continue;
                    }
                    if p.is(Punct::Ellipsis) {
                        items.push(Some(p.rest_binding()?));
                        break;
                    }
                    items.push(Some(p.binding_with_default()?));
                    if !p.is(Punct::BracketClose) {
                        p.expect(Punct::Comma)?;
                    }
                }
                p.expect(Punct::BracketClose)?;
                p.add_pattern(p.span_from(start), PatternKind::Array(items))
            }),
            TokenKind::Punct(Punct::BraceOpen) => self.nested(|p| p.object_binding(start)),
            _ => {
                let name = self.identifier()?;
                self.check_bindable(name)?;
                self.add_pattern(name.span, PatternKind::Name(name.name))
            }
        }
    }

    pub(super) fn binding_with_default(&mut self) -> Parse<PatternId> {
        let start = self.start();
        let target = self.binding()?;
        self.default_for(start, target)
    }

    fn default_for(&mut self, start: u32, target: PatternId) -> Parse<PatternId> {
        if !self.eat(Punct::Assign)? {
            return Ok(target);
        }
        let value = self.assignment(false)?;
        self.add_pattern(self.span_from(start), PatternKind::Default { target, value })
    }

    pub(super) fn rest_binding(&mut self) -> Parse<PatternId> {
        let start = self.start();
        self.expect(Punct::Ellipsis)?;
        let target = self.binding()?;
        self.add_pattern(self.span_from(start), PatternKind::Rest(target))
    }

    fn object_binding(&mut self, start: u32) -> Parse<PatternId> {
        self.advance()?;
        let mut properties = Vec::new();
        let mut rest = None;
        while !self.is(Punct::BraceClose) {
            let start = self.start();
            if self.is(Punct::Ellipsis) {
                rest = Some(self.rest_binding()?);
                break;
            }
            let token = self.token;
            let key = self.property_key(false)?;
            let shorthand = !self.is(Punct::Colon);
            let value = if shorthand {
                let target = self.shorthand_binding(token, key)?;
                self.default_for(start, target)?
            } else {
                self.advance()?;
                self.binding_with_default()?
            };
            properties.push(PatternProperty { span: self.span_from(start), key, value, shorthand });
            if !self.is(Punct::BraceClose) {
                self.expect(Punct::Comma)?;
            }
        }
        self.expect(Punct::BraceClose)?;
        self.add_pattern(self.span_from(start), PatternKind::Object { properties, rest })
    }

    fn shorthand_binding(&mut self, token: Token, key: PropertyKey) -> Parse<PatternId> {
        let identifier = self.shorthand_name(token, key)?;
        self.check_bindable(identifier)?;
        self.add_pattern(identifier.span, PatternKind::Name(identifier.name))
    }

    /// The identifier that `{ key }` is short for.
    pub(super) fn shorthand_name(&mut self, token: Token, key: PropertyKey) -> Parse<Identifier> {
        let PropertyKey::Name(..) = key else { return self.unexpected(":") };
        // Judged as an identifier, then back to where we are.
        let (now, end, pos) = (self.token, self.previous_end, self.lexer.position());
        self.token = token;
        self.lexer.rewind(token.span.end as usize);
        let identifier = self.identifier()?;
        (self.token, self.previous_end) = (now, end);
        self.lexer.rewind(pos);
        Ok(identifier)
    }

    /// Turns an expression into what is assigned, or with `declares` into parameters.
    pub(super) fn convert_to_pattern(&mut self, id: ExprId, declares: bool) -> Parse<PatternId> {
        self.nested(|p| {
            let span = p.tree[id].span;
            let parenthesized = p.is_parenthesized(id);
            if matches!(
                p.tree[id].kind,
                ExprKind::Member { .. }
                    | ExprKind::Index { .. }
                    | ExprKind::Foreign(Foreign::PrivateMember(..))
            ) && !declares
            {
                return p.add_pattern(span, PatternKind::Expr(id));
            }
            if parenthesized && (declares || !matches!(p.tree[id].kind, ExprKind::Name(_))) {
                return p.wrong(span, "this cannot be assigned in parentheses");
            }
            let kind = match std::mem::replace(&mut p.tree[id].kind, ExprKind::Removed) {
                ExprKind::Name(name) => {
                    p.check_bindable(Identifier { span, name })?;
                    let target = p.add_pattern(span, PatternKind::Name(name))?;
                    if parenthesized {
                        p.parenthesized_targets.insert(target);
                    }
                    return Ok(target);
                }
                ExprKind::Array(items) => PatternKind::Array(p.convert_array(id, items, declares)?),
                ExprKind::Assign { op: AssignOp::Assign, target, value } => {
                    if declares {
                        p.check_declares(target)?;
                    }
                    PatternKind::Default { target, value }
                }
                ExprKind::Foreign(Foreign::Object(properties)) => p.convert_object(properties, declares)?,
                _ => return p.wrong(span, "this cannot be assigned"),
            };
            p.add_pattern(span, kind)
        })
    }

    fn convert_array(
        &mut self,
        id: ExprId,
        items: Vec<Option<Element>>,
        declares: bool,
    ) -> Parse<Vec<Option<PatternId>>> {
        let last = items.len().wrapping_sub(1);
        let mut patterns = Vec::with_capacity(items.len());
        for (i, item) in items.into_iter().enumerate() {
            patterns.push(match item {
                None => None,
                Some(Element::Expr(item)) => Some(self.convert_to_pattern(item, declares)?),
                Some(Element::Spread(span, _)) if i != last || self.comma_after_spread.contains(&id) => {
                    return self.wrong(span, "nothing can follow what takes the rest");
                }
                Some(Element::Spread(span, item)) => Some(self.convert_to_rest(span, item, declares)?),
            });
        }
        Ok(patterns)
    }

    pub(super) fn convert_to_rest(&mut self, span: Span, id: ExprId, declares: bool) -> Parse<PatternId> {
        let target = self.convert_to_pattern(id, declares)?;
        if matches!(self.tree[target].kind, PatternKind::Default { .. }) {
            return self.wrong(span, "what takes the rest has no default");
        }
        self.add_pattern(span, PatternKind::Rest(target))
    }

    fn convert_object(&mut self, list: Vec<Property>, declares: bool) -> Parse<PatternKind> {
        let mut properties = Vec::with_capacity(list.len());
        let mut rest = None;
        for property in list {
            let span = property.span;
            if rest.is_some() {
                return self.wrong(span, "nothing can follow what takes the rest");
            }
            match property.kind {
                PropertyKind::Value { key, value, kind: "init", method: false, shorthand, default } => {
                    let mut target = self.convert_to_pattern(value, declares)?;
                    if let Some(value) = default {
                        target = self.add_pattern(span, PatternKind::Default { target, value })?;
                    }
                    properties.push(PatternProperty { span, key, value: target, shorthand });
                }
                PropertyKind::Spread(id) => rest = Some(self.convert_to_rest(span, id, declares)?),
                PropertyKind::Value { .. } => return self.wrong(span, "this cannot be assigned"),
            }
        }
        Ok(PatternKind::Object { properties, rest })
    }

    /// The target of a default was made for an assignment; a parameter takes names only, without parentheses.
    fn check_declares(&mut self, id: PatternId) -> Parse<()> {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let pattern = &self.tree[id];
            if matches!(pattern.kind, PatternKind::Expr(_)) || self.parenthesized_targets.contains(&id) {
                let span = pattern.span;
                return self.wrong(span, "a parameter is a name, an array or an object of names");
            }
            pattern.kind.for_each_child(&mut |child| {
                if let Node::Pattern(id) = child {
                    open.push(id);
                }
            });
        }
        Ok(())
    }
}
