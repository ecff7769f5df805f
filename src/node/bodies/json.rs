//! JSON, as far as it takes to tell JavaScript of a body: objects that are made natively would have properties set, which setters
//! of a prototype could see.

use std::fmt::Write as _;

pub(super) fn list<T>(text: &mut String, items: &[T], mut item: impl FnMut(&mut String, &T)) {
    text.push('[');
    for (number, value) in items.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        item(text, value);
    }
    text.push(']');
}

pub(super) fn string(text: &mut String, string: &str) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if u32::from(c) < 0x20 => {
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
}
