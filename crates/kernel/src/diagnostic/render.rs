//! Diagnostics as text: the sentence, the place, the line itself and a caret.

use super::{Diagnostic, tidy};
use crate::syntax::span::{Span, locate};
use std::fmt::Write as _;

/// How many are shown; the rest is counted.
pub const MAX_SHOWN: usize = 20;

/// How many columns of a line are shown. Minified code has one line.
const WIDTH: usize = 80;

/// All diagnostics of one source, sorted, without repetitions, at most [`MAX_SHOWN`] of them:
///
/// ```text
/// 2:10: a body has no strings; use numbers: a code for each option, tested by `===` or `switch`
///   if (o === 'linear') return a[i];
///             ^^^^^^^^
/// ```
#[must_use]
pub fn render(diagnostics: &[Diagnostic], source: &str) -> String {
    let mut sorted = diagnostics.to_vec();
    tidy(&mut sorted);
    let mut text = String::new();
    for diagnostic in sorted.iter().take(MAX_SHOWN) {
        render_one(&mut text, diagnostic, source);
    }
    if let more @ 1.. = sorted.len().saturating_sub(MAX_SHOWN) {
        let _ = writeln!(text, "and {more} more");
    }
    text
}

fn render_one(text: &mut String, diagnostic: &Diagnostic, source: &str) {
    let Diagnostic { span, what, remedy, .. } = diagnostic;
    let place = locate(source, span.start);
    let (snippet, carets) = snippet(source, *span);
    let _ = writeln!(text, "{}:{}: {what}; {remedy}", place.line, place.column);
    let _ = writeln!(text, "  {snippet}\n  {carets}");
}

/// The line where a span starts, cut to a window around it, and the carets below.
#[must_use]
pub fn snippet(source: &str, span: Span) -> (String, String) {
    let place = locate(source, span.start);
    let start = (span.start.max(place.offset) - place.offset) as usize;
    // A span of several lines is underlined up to the end of its first.
    let end = (span.end.saturating_sub(place.offset) as usize).clamp(start, place.text.len());
    let cells: Vec<(usize, char)> = place.text.char_indices().collect();
    let index = |offset: usize| cells.partition_point(|(at, _)| *at < offset);
    let (first, last) = (index(start), index(end).max(index(start) + 1));

    // Room for the span, and more before it than after; indentation goes first.
    let (mut from, mut to) = (0, cells.len());
    let indent = cells.iter().take_while(|(_, c)| *c == ' ' || *c == '\t').count();
    from += indent.min(first);
    if to - from > WIDTH {
        let shown = (last - first).min(WIDTH);
        from = from.max(first.saturating_sub((WIDTH - shown) / 2)).min((to - WIDTH).max(indent)).min(first);
        to = (from + WIDTH).min(to);
    }
    let (mut line, mut carets) = (String::new(), String::new());
    if from > indent.min(first) {
        line.push('…');
        carets.push(' ');
    }
    for (i, (_, c)) in cells.iter().enumerate().take(to).skip(from) {
        let (c, width) = match c {
            '\t' => (' ', 1),
            c if c.is_control() => ('\u{fffd}', 1),
            c => (*c, width(*c)),
        };
        line.push(c);
        let mark = if (first..last).contains(&i) { '^' } else { ' ' };
        carets.extend(std::iter::repeat_n(mark, width));
    }
    if to < cells.len() {
        line.push('…');
    }
    // At the end of the line there is no character to stand under.
    if first >= cells.len() {
        carets.push('^');
    }
    let length = carets.trim_end().len();
    carets.truncate(length);
    (line, carets)
}

/// How many columns a terminal gives a character: combining marks 0, East Asian wide characters and emoji 2.
fn width(c: char) -> usize {
    match u32::from(c) {
        0x300..=0x36f | 0x1ab0..=0x1aff | 0x20d0..=0x20ff | 0x200b..=0x200f | 0xfe00..=0xfe0f | 0xfeff => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}
