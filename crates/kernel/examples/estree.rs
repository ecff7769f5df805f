//! For `tests/oracle`: reads sources from stdin, each after a line with its length in bytes, and answers each by a line
//! `tree|error|refused|panic LENGTH` and as many bytes: the tree in the form of ESTree, or the message.

#[path = "../tests/estree/mod.rs"]
mod estree;

use allcores_kernel::syntax::parse;
use std::io::{BufRead, Read, Write};

fn main() -> std::io::Result<()> {
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        let length = line.trim().parse().map_err(std::io::Error::other)?;
        let mut bytes = vec![0; length];
        input.read_exact(&mut bytes)?;
        let source = String::from_utf8_lossy(&bytes);
        let (status, text) = match estree::dump(&source) {
            Err(what) => ("error", what),
            Ok(tree) => match parse(&source) {
                Ok(parsed) if parsed.refusals.is_empty() => ("tree", tree),
                _ => ("refused", tree),
            },
        };
        write!(output, "{status} {}\n{text}", text.len())?;
        line.clear();
    }
    output.flush()
}
