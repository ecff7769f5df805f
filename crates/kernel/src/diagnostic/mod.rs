//! What a user is told about a body that cannot be compiled: what is wrong, where, and what to write instead.

#![forbid(unsafe_code)]

mod globals;
mod kind;
mod render;
mod tools;

pub use kind::Kind;

pub use crate::syntax::span::locate;
pub use render::{MAX_SHOWN, render, snippet};
pub(crate) use tools::is_counter;
pub use tools::{Tool, tool_of_name};

use crate::syntax::span::Span;
use std::borrow::Cow;

/// One refusal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Which rule of the language refuses it.
    pub kind: Kind,
    /// What is refused.
    pub span: Span,
    /// One sentence on what is wrong, without a full stop.
    pub what: Cow<'static, str>,
    /// One sentence on what to write instead, without a full stop.
    pub remedy: Cow<'static, str>,
}

impl Diagnostic {
    /// A refusal in the words of its kind.
    #[must_use]
    pub fn new(kind: Kind, span: Span) -> Self {
        Self { kind, span, what: kind.what().into(), remedy: kind.remedy().into() }
    }

    /// The same, saying what is wrong in words of its own.
    #[must_use]
    pub fn saying(mut self, what: impl Into<Cow<'static, str>>) -> Self {
        self.what = what.into();
        self
    }

    /// The same, with a remedy of its own.
    #[must_use]
    pub fn advising(mut self, remedy: impl Into<Cow<'static, str>>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// A name that the body assigns to and does not declare. To pass it in `data` would not help.
    #[must_use]
    pub fn assigned_name(name: &str, is_in_data: bool, span: Span) -> Self {
        if !is_in_data && (globals::of_global(name).is_some() || tool_of_name(name).is_some()) {
            return Self::unknown_name(name, span);
        }
        let what = format!("`{name}` is not declared in the body, which cannot assign to what is around it");
        Self::new(Kind::CapturedAssigned, span).saying(what)
    }

    /// `new` of what is no small array: a class that JavaScript has around every function gets the words of its own.
    #[must_use]
    pub fn unknown_class(name: &str, span: Span) -> Self {
        let diagnostic = Self::new(Kind::New, span);
        match globals::of_global(name) {
            Some((why, remedy)) => {
                diagnostic.saying(format!("`new {name}` cannot be used: {why}")).advising(remedy)
            }
            None => diagnostic,
        }
    }

    /// A name that is declared neither in the body nor in `data`. Says so if a tool has made it up.
    #[must_use]
    pub fn unknown_name(name: &str, span: Span) -> Self {
        let diagnostic = Self::new(Kind::UnknownName, span);
        if let Some((why, remedy)) = globals::of_global(name) {
            return diagnostic.saying(format!("`{name}` cannot be used: {why}")).advising(remedy);
        }
        match tool_of_name(name) {
            Some(tool) => {
                let made =
                    format!("{} has put `{name}` into the function, which is not in `data`", tool.name);
                diagnostic.saying(made).advising(tool.remedy)
            }
            None => diagnostic
                .saying(format!("`{name}` is declared neither in the body nor in `data`"))
                .advising(format!("pass it as `{{ data: {{ {name} }} }}`, or declare it in the body")),
        }
    }
}

/// Sorts by position and merges what is said twice.
pub fn tidy(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by_key(|d| (d.span, d.kind));
    diagnostics.dedup_by(|b, a| a.kind == b.kind && a.span == b.span);
}
