//! Runs bodies for a test in another language: a request on each line of stdin, an answer on each line of stdout, in JSON.
//!
//! Request: `{ source, dimensions?, points, element?, returns, data, view?, engine, fresh? }`; `data` has for each name
//! `{ number }`, `{ boolean }`, `{ array, element, shared }`, `{ table, dimensions }`, `{ object }`, `{ function }` or `{ other }`.
//! `points` has a list of indices for each dimension. With `fresh`, each point runs by itself, on arrays as they were given.
//! Answer: `{ results, arrays }`, or `{ refused: [text] }`, or `{ stopped }`; with `fresh`, a list of answers. Doubles that
//! JSON cannot say are texts.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use allcores_kernel::diagnostic::render;
use allcores_kernel::interpret::{Arrays, Block, Plan, Scalar, WIDTH};
use allcores_kernel::ir::Element;
use allcores_kernel::lower::{Lowered, Parameters, Request, Returns, Shape, lower};
use allcores_kernel::math::Portable;
use serde_json::{Value, json};

fn element(name: &str) -> Element {
    Element::from_name(name).expect("an element type")
}

fn double(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().expect("a double"),
        number => number.as_f64().expect("a double"),
    }
}

fn doubles(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(double).collect()
}

fn texts(values: &[f64]) -> Vec<Value> {
    values
        .iter()
        .map(|value| if value.is_finite() { json!(value) } else { json!(value.to_string()) })
        .collect()
}

fn shape(value: &Value) -> Shape {
    let entry = value.as_object().expect("an entry");
    if entry.contains_key("number") {
        Shape::Number
    } else if entry.contains_key("boolean") {
        Shape::Boolean
    } else if entry.contains_key("array") {
        let is_shared = entry["shared"].as_bool().unwrap_or(true);
        Shape::Array { element: element(entry["element"].as_str().expect("a type")), is_shared }
    } else if entry.contains_key("table") {
        let dimensions = entry["dimensions"].as_array().expect("dimensions");
        Shape::Table(dimensions.iter().map(|len| len.as_u64().expect("a length") as u32).collect())
    } else if let Some(object) = entry.get("object") {
        let properties = object.as_object().expect("an object").iter();
        Shape::Object(properties.map(|(name, value)| (name.as_str().into(), shape(value))).collect())
    } else if let Some(source) = entry.get("function") {
        Shape::Function(source.as_str().expect("a source").into())
    } else {
        Shape::Other(entry["other"].as_str().expect("a description").into())
    }
}

fn at<'v>(data: &'v Value, path: &[Box<str>]) -> &'v Value {
    path.iter().fold(data, |value, name| &value["object"][&**name])
}

fn answer(request: &Value) -> Value {
    let source = request["source"].as_str().expect("a source");
    let data = &request["data"];
    let data_shape = shape(data);
    let parameters = match request.get("element").and_then(Value::as_str) {
        Some(name) => Parameters::Element(element(name)),
        None => Parameters::Indices(request["points"].as_array().expect("points").len() as u8),
    };
    let returns =
        if request["returns"].as_bool().unwrap_or(true) { Returns::Number } else { Returns::Nothing };
    let lowered = match lower(&Request { source, parameters, returns, data: &data_shape }) {
        Ok(lowered) => lowered,
        Err(refused) => {
            let texts: Vec<String> = refused
                .iter()
                .map(|refused| {
                    let name = refused.helper.as_deref();
                    let source = name.map_or(source, |name| {
                        let path: Vec<Box<str>> = name.split('.').map(Box::from).collect();
                        at(data, &path)["function"].as_str().unwrap_or("")
                    });
                    let helper = name.map_or(String::new(), |name| format!("in {name}: "));
                    format!(
                        "{helper}{:?}: {}",
                        refused.diagnostic.kind,
                        render(std::slice::from_ref(&refused.diagnostic), source)
                    )
                })
                .collect();
            return json!({ "refused": texts });
        }
    };
    run(request, data, &lowered)
}

fn run(request: &Value, data: &Value, lowered: &Lowered) -> Value {
    let number = |value: &Value| match value.get("boolean") {
        Some(boolean) => f64::from(u8::from(boolean.as_bool().expect("a boolean"))),
        None => double(&value["number"]),
    };
    let scalars: Vec<f64> = lowered.scalars.iter().map(|path| number(at(data, path))).collect();
    let arrays = || {
        let arrays = lowered.arrays.iter().zip(&lowered.function.arrays).map(|(path, array)| {
            let entry = if path.is_empty() { &request["view"] } else { at(data, path) };
            let list = entry.get("array").or(entry.get("table")).expect("an array");
            (array.element, doubles(list))
        });
        Arrays::new(arrays)
    };
    let points: Vec<Vec<f64>> = request["points"].as_array().expect("points").iter().map(doubles).collect();
    let is_block = request["engine"] == "block";
    if request["fresh"] == true {
        let each = (0..points[0].len()).map(|at| {
            let point: Vec<Vec<f64>> = points.iter().map(|list| vec![list[at]]).collect();
            run_points(lowered, &scalars, &arrays(), &point, is_block)
        });
        return Value::Array(each.collect());
    }
    run_points(lowered, &scalars, &arrays(), &points, is_block)
}

fn run_points(
    lowered: &Lowered,
    scalars: &[f64],
    memory: &Arrays,
    points: &[Vec<f64>],
    is_block: bool,
) -> Value {
    let count = points[0].len();
    let mut results = vec![0.0; count];
    let mut stop = None;
    if is_block {
        let plan = Plan::new(lowered.function.clone());
        let mut block = Block::new(&plan, scalars);
        for start in (0..count).step_by(WIDTH) {
            let end = count.min(start + WIDTH);
            let indices: Vec<&[f64]> = points.iter().map(|list| &list[start..end]).collect();
            let out = &mut results[start..end];
            if let Err(why) = block.run(&indices, out, memory, &Portable, &mut 10_000_000) {
                stop = Some(why);
                break;
            }
        }
    } else {
        let mut scalar = Scalar::new(&lowered.function, scalars);
        for (at, out) in results.iter_mut().enumerate() {
            let point: Vec<f64> = points.iter().map(|list| list[at]).collect();
            match scalar.run(&point, memory, &Portable, &mut 10_000_000) {
                Ok(value) => *out = value.unwrap_or(0.0),
                Err(why) => {
                    stop = Some(why);
                    break;
                }
            }
        }
    }
    if let Some(stop) = stop {
        return json!({ "stopped": format!("{stop:?}") });
    }
    let arrays: BTreeMap<String, Vec<Value>> = lowered
        .arrays
        .iter()
        .zip(memory.values())
        .zip(&lowered.function.arrays)
        .filter(|(_, array)| array.is_written)
        .map(|((path, values), _)| (path.join("."), texts(&values)))
        .collect();
    json!({ "results": texts(&results), "arrays": arrays })
}

fn main() {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line of text");
        let request = serde_json::from_str(&line).expect("a request");
        writeln!(out, "{}", answer(&request)).expect("somebody reads");
        out.flush().expect("somebody reads");
    }
}
