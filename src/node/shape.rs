//! The shape of `data`, as JavaScript writes it down.
//!
//! ```text
//! shape = 'n'                        a number
//!       | 'b'                        a boolean
//!       | 'a' ('s' | 'p') name ';'   a typed array on shared or on private memory
//!       | 't' n (',' n)* ';'         a plain array of numbers, with these dimensions
//!       | 'o' properties             a plain object
//!       | 'l' n (',' n)* properties  a plain array of plain objects, with these dimensions: see Shape::List
//!       | 'f' n ';'                  a function: its source
//!       | 'x' n ';'                  something else: what it is
//! properties = '(' (n shape)* ')'    their names, and what they are
//! ```
//!
//! Names, sources and descriptions may hold any character. They are in a list of texts, and numbers in the shape count them.

use std::collections::BTreeMap;

use allcores_kernel::lower::Shape;
use allcores_machine::Element;

/// Objects within objects. JavaScript stops earlier: at 32, and at 32 more within an array of objects.
const MAX_DEPTH: usize = 80;

/// The shape that is written so; `None` if it makes no sense.
pub(super) fn parse(text: &str, texts: &[String]) -> Option<Shape> {
    let mut parser = Parser { rest: text, texts };
    let shape = parser.shape(0)?;
    parser.rest.is_empty().then_some(shape)
}

struct Parser<'a> {
    rest: &'a str,
    texts: &'a [String],
}

impl<'a> Parser<'a> {
    fn shape(&mut self, depth: usize) -> Option<Shape> {
        Some(match self.next()? {
            'n' => Shape::Number,
            'b' => Shape::Boolean,
            'a' => {
                let is_shared = match self.next()? {
                    's' => true,
                    'p' => false,
                    _ => return None,
                };
                let (name, rest) = self.rest.split_once(';')?;
                self.rest = rest;
                let element = Element::from_name(name).filter(|element| !element.is_bigint())?;
                Shape::Array { element, is_shared }
            }
            't' => {
                let dimensions = self.dimensions()?;
                (self.next()? == ';').then_some(Shape::Table(dimensions))?
            }
            'l' => {
                let dimensions = self.dimensions()?;
                Shape::List(dimensions, self.properties(depth)?)
            }
            'o' => Shape::Object(self.properties(depth)?),
            'f' => Shape::Function(self.closed_text()?.into()),
            'x' => Shape::Other(self.closed_text()?.into()),
            _ => return None,
        })
    }

    fn dimensions(&mut self) -> Option<Box<[u32]>> {
        let mut dimensions = vec![u32::try_from(self.number()?).ok()?];
        while self.rest.starts_with(',') {
            self.next();
            dimensions.push(u32::try_from(self.number()?).ok()?);
        }
        // What an index can count.
        dimensions.iter().try_fold(1_u32, |all, len| all.checked_mul(*len))?;
        Some(dimensions.into())
    }

    fn properties(&mut self, depth: usize) -> Option<BTreeMap<Box<str>, Shape>> {
        if depth == MAX_DEPTH || self.next()? != '(' {
            return None;
        }
        let mut properties = BTreeMap::new();
        while !self.rest.starts_with(')') {
            let name = self.text()?.into();
            properties.insert(name, self.shape(depth + 1)?);
        }
        self.next();
        Some(properties)
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    fn number(&mut self) -> Option<usize> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits.parse().ok()
    }

    fn text(&mut self) -> Option<&'a str> {
        let number = self.number()?;
        self.texts.get(number).map(String::as_str)
    }

    fn closed_text(&mut self) -> Option<&'a str> {
        let text = self.text()?;
        (self.next()? == ';').then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Vec<String> {
        ["a", "b c", "i => i", "a string"].map(String::from).into()
    }

    #[test]
    fn everything_that_data_may_hold() {
        let shape = parse("o(0n1o(0b1asfloat32;)2t3,4;3f2;)", &texts()).unwrap();
        let inner = [
            ("a".into(), Shape::Boolean),
            ("b c".into(), Shape::Array { element: Element::Float32, is_shared: true }),
        ];
        let outer = [
            ("a".into(), Shape::Number),
            ("b c".into(), Shape::Object(inner.into())),
            ("i => i".into(), Shape::Table([3, 4].into())),
            ("a string".into(), Shape::Function("i => i".into())),
        ];
        assert_eq!(shape, Shape::Object(outer.into()));
        let list = [("a".into(), Shape::Number), ("b c".into(), Shape::Table([2].into()))];
        assert_eq!(parse("l3,4(0n1t2;)", &texts()), Some(Shape::List([3, 4].into(), list.into())));
        assert_eq!(parse("x3;", &texts()), Some(Shape::Other("a string".into())));
        assert_eq!(
            parse("apuint8clamped;", &texts()),
            Some(Shape::Array { element: Element::Uint8Clamped, is_shared: false })
        );
    }

    #[test]
    fn nonsense_is_none() {
        let deep = format!("{}n{}", "o(0".repeat(100), ")".repeat(100));
        for text in [
            "",
            "q",
            "nn",
            "a",
            "as",
            "asfloat32",
            "axfloat32;",
            "asfloat99;",
            "asbigint64;",
            "t",
            "t3",
            "t3,",
            "t;",
            "t99999;",
            "t65536,65536;",
            "o",
            "o(",
            "o(0",
            "o(0n",
            "o(9n)",
            "o(n)",
            "l",
            "l(0n)",
            "l3",
            "l3;",
            "l3(0n",
            "l65536,65536(0n)",
            "f",
            "f0",
            "f9;",
            "x;",
            &deep,
        ] {
            let shape = parse(text, &texts());
            assert!(shape.is_none() || text == "t99999;", "{text}: {shape:?}");
        }
    }
}
