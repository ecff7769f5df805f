//! Tokens to a tree: recursive descent for statements, precedence climbing for binary operators.
//!
//! All of ECMAScript that can stand inside a function is read, so that everything a body cannot use becomes a node and is
//! refused in one go. What V8 has found out already is checked only where it matters for the meaning of what is accepted:
//! targets, labels, words, and where an arrow or a declaration may stand.

mod binding;
mod class;
mod entry;
mod expression;
mod function;
mod object;
mod primary;
mod scope;
mod statement;

use super::ast::*;
use super::lexer::{Fatal, Lexer, Punct, Token, TokenKind};
use super::names::{Name, word};
use super::span::Span;
use crate::diagnostic::{Diagnostic, Kind};
use function::Context;
use std::collections::BTreeSet;

pub(super) type Parse<T> = Result<T, Fatal>;

/// How many levels of the grammar may be open at once. The form that takes most, functions in parentheses, needs between
/// 256 and 320 KiB of stack for them in the build of the tests.
pub(super) const MAX_NESTING: u32 = 128;

#[derive(Clone, Copy, Default)]
struct Meta {
    height: u16,
    parenthesized: bool,
}

pub(super) struct Parser<'s> {
    lexer: Lexer<'s>,
    /// The token that is looked at.
    token: Token,
    /// Where the token before it ended.
    previous_end: u32,
    /// Where an arrow function may start: at the start of an assignment expression only.
    arrow_at: u32,
    nesting: u32,
    context: Context,
    tree: Tree,
    /// Beside the arenas of the tree.
    exprs: Vec<Meta>,
    stmts: Vec<u16>,
    patterns: Vec<u16>,
    functions: Vec<u16>,
    classes: Vec<u16>,
    /// Array literals with a comma behind a spread at their end, which patterns must not have.
    comma_after_spread: BTreeSet<ExprId>,
    /// Names assigned in parentheses, `[(a) = 1] = b`, which parameters must not be.
    parenthesized_targets: BTreeSet<PatternId>,
}

impl<'s> Parser<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self {
            lexer: Lexer::new(source),
            token: Token {
                kind: TokenKind::End,
                span: Span::default(),
                newline_before: false,
                escaped: false,
                legacy: false,
            },
            previous_end: 0,
            arrow_at: u32::MAX,
            nesting: 0,
            context: Context::default(),
            tree: Tree {
                exprs: Vec::new(),
                stmts: Vec::new(),
                patterns: Vec::new(),
                functions: Vec::new(),
                classes: Vec::new(),
                names: super::names::Names::default(),
                root: FunctionId(0),
                key_end: ArenaEnds::default(),
            },
            exprs: Vec::new(),
            stmts: Vec::new(),
            patterns: Vec::new(),
            functions: Vec::new(),
            classes: Vec::new(),
            comma_after_spread: BTreeSet::new(),
            parenthesized_targets: BTreeSet::new(),
        }
    }

    // ---- tokens

    fn advance(&mut self) -> Parse<()> {
        self.previous_end = self.token.span.end;
        self.token = self.lexer.next()?;
        Ok(())
    }

    /// What comes behind the token that is looked at.
    fn peek(&mut self) -> Parse<Token> {
        let pos = self.lexer.position();
        let token = self.lexer.next();
        self.lexer.rewind(pos);
        token
    }

    fn start(&self) -> u32 {
        self.token.span.start
    }

    fn span_from(&self, start: u32) -> Span {
        Span::new(start, self.previous_end)
    }

    fn is(&self, punct: Punct) -> bool {
        self.token.kind == TokenKind::Punct(punct)
    }

    fn eat(&mut self, punct: Punct) -> Parse<bool> {
        let found = self.is(punct);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect(&mut self, punct: Punct) -> Parse<()> {
        if self.eat(punct)? { Ok(()) } else { self.unexpected(punct.text()) }
    }

    /// A word of the grammar: written without escapes.
    fn is_word(&self, word: Name) -> bool {
        self.token.kind == TokenKind::Name(word) && !self.token.escaped
    }

    fn eat_word(&mut self, word: Name) -> Parse<bool> {
        let found = self.is_word(word);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect_word(&mut self, word: Name) -> Parse<()> {
        if self.eat_word(word)? {
            return Ok(());
        }
        let text = self.lexer.names.text(word).to_owned();
        self.unexpected(&text)
    }

    /// Ends a statement: by `;`, or where ECMAScript puts one in.
    fn semicolon(&mut self) -> Parse<()> {
        if self.eat(Punct::Semicolon)? || self.can_end_statement() { Ok(()) } else { self.unexpected(";") }
    }

    fn can_end_statement(&self) -> bool {
        self.token.kind == TokenKind::End || self.is(Punct::BraceClose) || self.token.newline_before
    }

    // ---- errors

    fn unexpected<T>(&mut self, wanted: &str) -> Parse<T> {
        let what = match self.token.kind {
            TokenKind::End => format!("the source ends where `{wanted}` should follow"),
            _ => format!("`{wanted}` is expected here"),
        };
        let span = self.token.span;
        self.lexer.fail(Diagnostic::new(Kind::Syntax, span).saying(what))
    }

    fn wrong<T>(&mut self, span: Span, what: &'static str) -> Parse<T> {
        self.lexer.fail(Diagnostic::new(Kind::Syntax, span).saying(what))
    }

    /// Runs `parse` one level deeper.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.nesting >= MAX_NESTING {
            let span = self.token.span;
            return self.lexer.fail(Diagnostic::new(Kind::TooDeep, span));
        }
        self.nesting += 1;
        let result = parse(self);
        self.nesting -= 1;
        result
    }

    // ---- nodes

    fn height_of(&self, node: Node) -> u16 {
        match node {
            Node::Expr(id) => self.exprs[id.index()].height,
            Node::Stmt(id) => self.stmts[id.index()],
            Node::Pattern(id) => self.patterns[id.index()],
            Node::Function(id) => self.functions[id.index()],
            Node::Class(id) => self.classes[id.index()],
        }
    }

    fn height(&mut self, span: Span, children: impl FnOnce(&mut dyn FnMut(Node))) -> Parse<u16> {
        let mut height = 0;
        children(&mut |child| height = height.max(self.height_of(child)));
        if height >= MAX_HEIGHT {
            return self
                .lexer
                .fail(Diagnostic::new(Kind::TooDeep, Span::new(span.end.saturating_sub(1), span.end)));
        }
        Ok(height + 1)
    }

    fn add_expr(&mut self, span: Span, kind: ExprKind) -> Parse<ExprId> {
        let height = self.height(span, |visit| kind.for_each_child(visit))?;
        self.exprs.push(Meta { height, parenthesized: false });
        self.tree.exprs.push(Expr { span, kind });
        Ok(ExprId(self.exprs.len() as u32 - 1))
    }

    fn add_foreign(&mut self, span: Span, foreign: Foreign) -> Parse<ExprId> {
        self.add_expr(span, ExprKind::Foreign(foreign))
    }

    fn add_stmt(&mut self, span: Span, kind: StmtKind) -> Parse<StmtId> {
        let height = self.height(span, |visit| kind.for_each_child(visit))?;
        self.stmts.push(height);
        self.tree.stmts.push(Stmt { span, kind });
        Ok(StmtId(self.stmts.len() as u32 - 1))
    }

    fn add_pattern(&mut self, span: Span, kind: PatternKind) -> Parse<PatternId> {
        let height = self.height(span, |visit| kind.for_each_child(visit))?;
        self.patterns.push(height);
        self.tree.patterns.push(Pattern { span, kind });
        Ok(PatternId(self.patterns.len() as u32 - 1))
    }

    fn add_function(&mut self, function: Function) -> Parse<FunctionId> {
        let height = self.height(function.span, |visit| function.for_each_child(visit))?;
        self.functions.push(height);
        self.tree.functions.push(function);
        Ok(FunctionId(self.functions.len() as u32 - 1))
    }

    fn add_class(&mut self, class: Class) -> Parse<ClassId> {
        let height = self.height(class.span, |visit| class.for_each_child(visit))?;
        self.classes.push(height);
        self.tree.classes.push(class);
        Ok(ClassId(self.classes.len() as u32 - 1))
    }

    fn ends(&self) -> ArenaEnds {
        ArenaEnds {
            exprs: self.exprs.len(),
            stmts: self.stmts.len(),
            patterns: self.patterns.len(),
            functions: self.functions.len(),
            classes: self.classes.len(),
        }
    }

    /// Forgets all nodes added since.
    fn truncate(&mut self, ends: ArenaEnds) {
        self.exprs.truncate(ends.exprs);
        self.tree.exprs.truncate(ends.exprs);
        self.stmts.truncate(ends.stmts);
        self.tree.stmts.truncate(ends.stmts);
        self.patterns.truncate(ends.patterns);
        self.tree.patterns.truncate(ends.patterns);
        self.functions.truncate(ends.functions);
        self.tree.functions.truncate(ends.functions);
        self.classes.truncate(ends.classes);
        self.tree.classes.truncate(ends.classes);
        self.comma_after_spread.clear();
        self.parenthesized_targets.clear();
    }

    fn is_parenthesized(&self, id: ExprId) -> bool {
        self.exprs[id.index()].parenthesized
    }

    // ---- names

    /// The name that the token is, if it can be an identifier here.
    fn identifier(&mut self) -> Parse<Identifier> {
        let span = self.token.span;
        let TokenKind::Name(name) = self.token.kind else { return self.unexpected("a name") };
        let context = &self.context;
        if name.is_reserved()
            || (context.strict && name.is_strict_reserved())
            || (context.is_generator && name == word::YIELD)
            || (context.no_await && name == word::AWAIT)
        {
            return self.wrong(span, "this word is reserved and cannot be a name here");
        }
        self.advance()?;
        Ok(Identifier { span, name })
    }

    fn check_bindable(&mut self, identifier: Identifier) -> Parse<()> {
        if self.context.strict && matches!(identifier.name, word::EVAL | word::ARGUMENTS) {
            return self.wrong(identifier.span, "strict code cannot assign this name");
        }
        Ok(())
    }
}
