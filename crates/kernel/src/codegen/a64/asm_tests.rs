//! The proof of the encoder: every instruction that it makes is what an assembler makes of its text.
//!
//! `words.txt` has some of them, with the words that GNU binutils has made, and is there for everyone. Where its assembler for this processor is
//! installed (Debian: `binutils-aarch64-linux-gnu`), it makes all of them anew, with every register in every place, and immediates and
//! offsets around the limits of each form. With `ALLCORES_UPDATE=1` the table is written, of what that assembler makes.

mod cases;

use std::fs;
use std::process::Command;

use cases::{Case, cases};

const WORDS: &str = include_str!("asm_tests/words.txt");

/// Of the cases that are kept: registers that differ from each other in all bits somewhere.
const KEPT: [usize; 2] = [10, 21];

fn kept() -> String {
    let cases = KEPT.into_iter().flat_map(cases);
    cases.map(|Case { text, words }| lines(&text, &words)).collect()
}

fn lines(text: &str, words: &[u32]) -> String {
    assert_eq!(text.lines().count(), words.len(), "{text}");
    text.lines().zip(words).map(|(text, word)| format!("{word:08x} {text}\n")).collect()
}

#[test]
fn words_are_those_of_the_table() {
    let found = kept();
    if std::env::var_os("ALLCORES_UPDATE").is_some() {
        let texts: String = found.lines().map(|line| format!("{}\n", &line[9..])).collect();
        let words = assembled("update", &texts).expect("an assembler");
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/codegen/a64/asm_tests/words.txt");
        return fs::write(file, lines(&texts, &words)).unwrap();
    }
    for (number, (found, expected)) in found.lines().zip(WORDS.lines()).enumerate() {
        assert_eq!(found, expected, "line {}", number + 1);
    }
    assert_eq!(found.lines().count(), WORDS.lines().count());
}

#[test]
fn the_table_is_what_an_assembler_makes() {
    let texts: String = WORDS.lines().map(|line| format!("{}\n", &line[9..])).collect();
    let Some(words) = assembled("table", &texts) else { return };
    let expected: Vec<u32> = WORDS.lines().map(|line| u32::from_str_radix(&line[..8], 16).unwrap()).collect();
    assert_eq!(words, expected);
}

#[test]
fn words_are_what_an_assembler_makes() {
    let all: Vec<Case> = (0..32).flat_map(cases).collect();
    let texts: String = all.iter().map(|case| format!("{}\n", case.text)).collect();
    let Some(words) = assembled("all", &texts) else { return };
    let mut words = words.into_iter();
    for Case { text, words: found } in &all {
        let expected: Vec<u32> = words.by_ref().take(found.len()).collect();
        assert_eq!(found, &expected, "{text}");
    }
    assert_eq!(words.next(), None);
}

/// What binutils make of a text; `None` if they are not here.
fn assembled(name: &str, text: &str) -> Option<Vec<u32>> {
    let base = std::env::temp_dir().join(format!("allcores-a64-{name}-{}", std::process::id()));
    let [source, object, binary] = ["s", "o", "bin"].map(|ending| base.with_extension(ending));
    fs::write(&source, text).unwrap();
    let run = |tool: &str, args: &[&std::ffi::OsStr]| {
        Command::new(format!("aarch64-linux-gnu-{tool}")).args(args).output()
    };
    let made = run("as", &["-o".as_ref(), object.as_ref(), source.as_ref()]);
    let words = match made {
        Err(_) => {
            eprintln!("SKIP: no aarch64-linux-gnu-as");
            None
        }
        Ok(made) => {
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
            let copied =
                run("objcopy", &["-O".as_ref(), "binary".as_ref(), object.as_ref(), binary.as_ref()]);
            assert!(copied.unwrap().status.success());
            let bytes = fs::read(&binary).unwrap();
            Some(bytes.chunks(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect())
        }
    };
    [source, object, binary].iter().for_each(|file| _ = fs::remove_file(file));
    words
}

#[test]
fn doubles_that_an_instruction_holds_are_found() {
    let holds = |x: f64| {
        let mut asm = super::asm::Assembler::with_labels(0);
        asm.try_double(crate::codegen::x64::asm::Vreg(3), x.to_bits())
    };
    let all: Vec<f64> = (-3..=4)
        .flat_map(|exponent| (16..32).map(move |n| f64::from(n) / 16.0 * 2_f64.powi(exponent)))
        .collect();
    assert!(all.iter().all(|x| holds(*x) && holds(-x)));
    for x in [0.0, -0.0, 1.0 + 1.0 / 32.0, 32.0, 0.1171875, f64::INFINITY, f64::NAN, 1e-300, 2_f64.powi(130)]
    {
        assert!(!holds(x), "{x}");
    }
}
