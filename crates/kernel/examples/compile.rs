//! How long bodies take to compile:
//!
//! ```text
//! node crates/kernel/tests/oracle/requests.js | cargo run --release -p allcores-kernel --example compile -- 20
//! ```
//!
//! Each line of stdin is a request as the example `run` takes them, with a `name`; of its data, only what they are counts. Each body is compiled so
//! many times in a row. A line has the first time and the least one, in microseconds: of the IR, and of the code for each instruction set, with
//! that for one index at a time where there is some; and how many bytes that is. `ALLCORES_ISA` asks for one instruction set alone. With
//! `DUMP=folder`, the IR of each body goes to a file there.

use std::collections::BTreeMap;
use std::time::Instant;

use allcores_kernel::Body;
use allcores_kernel::codegen;
use allcores_kernel::ir::Element;
use allcores_kernel::lower::{Parameters, Request, Returns, Shape};
use allcores_kernel::math::Portable;
use allcores_machine::Isa;
use serde_json::Value;

fn element(name: &str) -> Element {
    Element::from_name(name).expect("an element type")
}

fn shape(value: &Value) -> Shape {
    let (kind, what) = value.as_object().and_then(|entry| entry.iter().next()).expect("an entry");
    match kind.as_str() {
        "number" => Shape::Number,
        "boolean" => Shape::Boolean,
        "array" => Shape::Array {
            element: element(value["element"].as_str().expect("a type")),
            is_shared: value["shared"].as_bool().unwrap_or(true),
        },
        "dimensions" => {
            let dimensions = what.as_array().expect("dimensions").iter();
            Shape::Table(dimensions.map(|len| len.as_u64().expect("a length") as u32).collect())
        }
        "object" => {
            let properties = what.as_object().expect("an object").iter();
            let shapes: BTreeMap<_, _> =
                properties.map(|(name, value)| (name.as_str().into(), shape(value))).collect();
            Shape::Object(shapes)
        }
        "function" => Shape::Function(what.as_str().expect("a source").into()),
        _ => Shape::Other(what.as_str().expect("a description").into()),
    }
}

/// Microseconds.
#[derive(Clone, Copy, Default)]
struct Times {
    first: f64,
    least: f64,
}

impl Times {
    fn add(&mut self, start: Instant) {
        let time = start.elapsed().as_secs_f64() * 1e6;
        if self.first == 0.0 {
            *self = Self { first: time, least: time };
        }
        self.least = self.least.min(time);
    }
}

fn main() {
    let rounds: usize = std::env::args().nth(1).map_or(20, |rounds| rounds.parse().expect("a number"));
    let asked = std::env::var("ALLCORES_ISA").ok().and_then(|name| Isa::from_name(&name));
    let isas: Vec<Isa> = match asked {
        Some(isa) => vec![isa],
        None => codegen::Machine::available().filter_map(|machine| Isa::from_name(machine.name())).collect(),
    };
    let mut sums = vec![Times::default(); 1 + isas.len()];
    for line in std::io::stdin().lines() {
        let request: Value = serde_json::from_str(&line.expect("a line of text")).expect("a request");
        let data = shape(&request["data"]);
        let request_of = Request {
            source: request["source"].as_str().expect("a source"),
            parameters: Parameters::Indices(1),
            returns: if request["returns"] == true { Returns::Number } else { Returns::Nothing },
            data: &data,
        };
        let name = request["name"].as_str().expect("a name");
        let mut times = vec![Times::default(); sums.len()];
        let mut bytes = vec![0; isas.len()];
        for _ in 0..rounds {
            let start = Instant::now();
            if Body::compile(&request_of).is_err() {
                break;
            }
            times[0].add(start);
            for (k, isa) in isas.iter().enumerate() {
                codegen::use_isa(*isa);
                let body = Body::compile(&request_of).expect("it was compiled before");
                let start = Instant::now();
                let Ok(native) = body.native(&Portable) else { continue };
                times[k + 1].add(start);
                bytes[k] = native.code().len() + native.scalar().map_or(0, |scalar| scalar.code().len());
            }
        }
        if let (Ok(folder), Ok(body)) = (std::env::var("DUMP"), Body::compile(&request_of)) {
            let file: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
            std::fs::write(format!("{folder}/{file}.ir"), body.function().to_string()).expect("a folder");
        }
        print!("{name:52} {:5.0} {:5.0}", times[0].first, times[0].least);
        for (Times { first, least }, bytes) in times[1..].iter().zip(bytes) {
            print!("  {first:7.0} {least:5.0} {bytes:6}");
        }
        println!();
        for (sum, Times { first, least }) in sums.iter_mut().zip(times) {
            sum.first += first;
            sum.least += least;
        }
    }
    for (what, Times { first, least }) in
        ["IR"].into_iter().chain(isas.iter().map(|isa| isa.name())).zip(sums)
    {
        println!("{what}: {first:.0}, {least:.0}");
    }
}
