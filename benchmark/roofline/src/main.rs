//! The roofline: plain sums of private memory, of products too, as fast as this machine can make them.
//!
//! It is driven over stdin and stdout, one line each way, so that it takes turns with everything else in one run and keeps
//! its memory and its threads between the turns:
//!
//! ```text
//! threads <count>                          ok
//! load <element> <bytes> <file>            ok              the file, over and over, until the memory is full
//! <work> <bytes> <untimed calls> <calls>   <nanoseconds for all calls> <the last sums, 16 hexadecimal digits each>
//! about                                    <the instruction set>
//! ```
//!
//! The work is `sum`; or of doubles `squares`, their sum; `moments`, the sum of the doubles and that of their squares in one pass; or `dot`,
//! the sum of the products of two arrays: the two halves of the bytes, each without the page next to the middle. There are two sums, of which
//! the second is 0 but for `moments`. A sum of floats is a double, by its bits; a sum of integers is 64 bits, wrapped. Errors are answered
//! with `error <why>`. The end of stdin ends the program.

use std::{
    io::{self, BufRead, Write},
    sync::Arc,
};

use kernels::{Element, Work};
use memory::Memory;
use team::Team;

mod kernels;
mod memory;
mod team;

fn main() -> io::Result<()> {
    let mut program = Program { team: Team::new(1), memory: None };
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer = program.answer(&line?).unwrap_or_else(|why| format!("error {why}"));
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

struct Program {
    team: Team,
    memory: Option<(Element, Arc<Memory>)>,
}

impl Program {
    fn answer(&mut self, line: &str) -> Result<String, String> {
        match *line.split(' ').collect::<Vec<_>>() {
            ["about"] => Ok(kernels::instruction_set().to_owned()),
            ["threads", count] => {
                self.team = Team::new(number(count)?.max(1));
                Ok("ok".to_owned())
            }
            ["load", element, bytes, file] => {
                let element = Element::named(element).ok_or("unknown element")?;
                let tile = std::fs::read(file).map_err(|it| format!("{file}: {it}"))?;
                // The old memory goes first: there may not be enough for both.
                self.memory = None;
                let memory = Memory::filled(number(bytes)?, &tile, self.team.len())?;
                self.memory = Some((element, Arc::new(memory)));
                Ok("ok".to_owned())
            }
            [work, bytes, untimed, calls] => {
                let (element, memory) = self.memory.as_ref().ok_or("nothing loaded")?;
                let work = Work::named(work, *element).ok_or_else(|| format!("no such work: {line}"))?;
                let bytes = number(bytes)?;
                memory.lines(bytes)?;
                let timed = self.team.run(work, memory, bytes, number(untimed)?, number(calls)?);
                let [first, second] = timed.bits;
                Ok(format!("{} {first:016x} {second:016x}", timed.time.as_nanos()))
            }
            _ => Err(format!("not understood: {line}")),
        }
    }
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("not a number: {text}"))
}
