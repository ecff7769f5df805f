//! Classes. A body has none; they are read so that what is in them is refused in the same go.

use super::function::Context;
use super::scope::Scope;
use super::*;

impl Parser<'_> {
    pub(super) fn class(&mut self) -> Parse<ClassId> {
        self.nested(|p| {
            let start = p.start();
            p.advance()?;
            let outer_strict = std::mem::replace(&mut p.context.strict, true);
            let named = matches!(p.token.kind, TokenKind::Name(_)) && !p.is_word(word::EXTENDS);
            let name = if named { Some(p.identifier()?) } else { None };
            let parent = if p.eat_word(word::EXTENDS)? { Some(p.class_parent()?) } else { None };
            let body_start = p.start();
            p.expect(Punct::BraceOpen)?;
            let mut members = Vec::new();
            while !p.is(Punct::BraceClose) {
                if !p.eat(Punct::Semicolon)? {
                    members.push(p.member()?);
                }
            }
            p.context.strict = outer_strict;
            p.expect(Punct::BraceClose)?;
            let body_span = p.span_from(body_start);
            p.add_class(Class { span: p.span_from(start), name, parent, body_span, members })
        })
    }

    fn class_parent(&mut self) -> Parse<ExprId> {
        self.arrow_at = u32::MAX;
        self.subscripts(true)
    }

    fn member(&mut self) -> Parse<ClassMember> {
        let start = self.start();
        let mut is_static = false;
        if self.is_word(word::STATIC) {
            let next = self.peek()?;
            if next.kind == TokenKind::Punct(Punct::BraceOpen) {
                return self.static_block(start);
            }
            is_static = self.key_follows(true, false)? || next.kind == TokenKind::Punct(Punct::Star);
            if is_static {
                self.advance()?;
            }
        }
        let modifiers = self.modifiers(true)?;
        let is_constructor_name = !is_static && self.is_word(word::CONSTRUCTOR);
        let key = self.property_key(true)?;
        let plain = !modifiers.is_async && !modifiers.is_generator && modifiers.accessor.is_none();
        let kind = if self.is(Punct::ParenOpen) {
            let kind = match modifiers.accessor {
                Some(accessor) => accessor,
                None if is_constructor_name && plain => "constructor",
                None => "method",
            };
            let value = self.method(modifiers.is_async, modifiers.is_generator)?;
            ClassMemberKind::Method { key, kind, value }
        } else if plain {
            let value = self.field_value()?;
            self.semicolon()?;
            ClassMemberKind::Field { key, value }
        } else {
            return self.unexpected("(");
        };
        Ok(ClassMember { span: self.span_from(start), is_static, kind })
    }

    fn field_value(&mut self) -> Parse<Option<ExprId>> {
        if !self.eat(Punct::Assign)? {
            return Ok(None);
        }
        let context = Context { strict: true, ..Context::default() };
        let outer = std::mem::replace(&mut self.context, context);
        let value = self.assignment(false)?;
        self.context = outer;
        Ok(Some(value))
    }

    fn static_block(&mut self, start: u32) -> Parse<ClassMember> {
        self.advance()?;
        let context =
            Context { strict: true, no_await: true, scopes: vec![Scope::default()], ..Context::default() };
        let outer = std::mem::replace(&mut self.context, context);
        self.expect(Punct::BraceOpen)?;
        let mut stmts = Vec::new();
        while !self.is(Punct::BraceClose) {
            stmts.push(self.statement()?);
        }
        self.context = outer;
        self.expect(Punct::BraceClose)?;
        let kind = ClassMemberKind::StaticBlock(stmts);
        Ok(ClassMember { span: self.span_from(start), is_static: true, kind })
    }
}
