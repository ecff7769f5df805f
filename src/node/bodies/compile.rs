//! Compiling bodies, and telling of them.

use std::fmt::{self, Write as _};
use std::sync::LazyLock;

use allcores_kernel::codegen::{Native, NoCode, distrusted};
use allcores_kernel::diagnostic::{Diagnostic, locate, render, snippet};
use allcores_kernel::interpret::WIDTH;
use allcores_kernel::ir::Element;
use allcores_kernel::lower::{Parameters, Refused, Request, Returns, Shape};
use allcores_kernel::math::Portable;
use allcores_kernel::syntax::span::Span;
use allcores_kernel::{Cache, explain, first_call};
use napi::bindgen_prelude::External;
use napi_derive::napi;

use super::inputs::library;
use super::{Compiled, json};
use crate::jobs::{Library, engine};
use crate::node::environment::Environment;
use crate::node::error::{Error, JsResult, Unsupported};
use crate::node::host_math::Host;
use crate::node::shape;

/// All bodies of the process.
static BODIES: LazyLock<Cache> = LazyLock::new(Cache::default);

/// Compiles the text of a function.
///
/// `parameters` is `i1`, `i2` or `i3` for a body that is called with so many indices and `data`, or `e` and the name of an
/// element type for one that is called with an element, its index and `data`. `returns` is whether its value counts. `data` and
/// `texts` are as [`shape`] has them.
#[napi(catch_unwind)]
pub(crate) fn compile(
    parameters: String,
    returns: bool,
    source: String,
    data: String,
    texts: Vec<String>,
) -> JsResult<Compiled> {
    JsResult::of(|| {
        with_request(&parameters, returns, &source, &data, &texts, |request| {
            let body = BODIES.get(request).map_err(|refused| unsupported(&refused, request))?;
            Ok(External::new(body))
        })
    })
}

/// Has the interpreter run all bodies of the process from now on.
#[napi(catch_unwind)]
pub(crate) fn use_interpreter() {
    engine::use_interpreter();
}

/// Has `perf` told of the machine code of bodies that is made from now on in the process.
#[napi(catch_unwind)]
pub(crate) fn announce_code() {
    engine::announce_code();
}

/// What has run a body, or runs it: `portable` are the functions of `Math` that it calls.
#[napi(catch_unwind)]
pub(crate) fn engine_of(body: &Compiled, portable: bool) -> JsResult<String> {
    JsResult::of(|| {
        let library = library(body, portable)?;
        // Only code that there is already: nothing is made for those who ask.
        let has_code = engine::may_use_code() && body.has_native(library);
        Ok(match has_code.then(|| engine::native(body, library)) {
            Some(Ok(native)) => format!("machine code for {}", native.isa()),
            _ => "block interpreter".to_owned(),
        })
    })
}

/// Explains what [`compile`] makes of the same arguments in the environment `port`, once the functions of `Math` have been adopted or
/// with portable ones, in JSON: `text`, for people; `engine`, what
/// runs it, `isa`, with which instruction set, `block`, how many indices at once at the most, and `bytes`, the size of its machine
/// code; and `refusals`, each with `message`, `line`, `column`, `snippet` and `helper`, the name of the helper function that it is
/// in or an empty string.
#[napi(catch_unwind)]
pub(crate) fn explain_body(
    port: u32,
    parameters: String,
    returns: bool,
    source: String,
    data: String,
    texts: Vec<String>,
    portable: bool,
) -> JsResult<String> {
    JsResult::of(|| {
        let isa = Environment::of(port)?.isa();
        with_request(&parameters, returns, &source, &data, &texts, |request| {
            let mut engine = Engine { name: "block interpreter", isa: isa.name(), block: WIDTH, bytes: 0 };
            let library: Library = if portable { &Portable } else { &Host };
            let (text, refused) = match explain(request, library) {
                Ok(mut text) => {
                    engine.explain(request, portable, &mut text);
                    (text, Vec::new())
                }
                Err(refused) => (unsupported(&refused, request).to_string(), refused),
            };
            let mut json = String::from("{\"text\":");
            json::string(&mut json, &text);
            let Engine { name, isa, block, bytes } = engine;
            let _ =
                write!(json, ",\"engine\":\"{name}\",\"isa\":\"{isa}\",\"block\":{block},\"bytes\":{bytes}");
            json.push_str(",\"refusals\":");
            json::list(&mut json, &refused, |json, refused| {
                let Diagnostic { what, remedy, span, .. } = &refused.diagnostic;
                json.push_str("{\"message\":");
                json::string(json, &format!("{what}; {remedy}"));
                json.push(',');
                place(json, source_of(refused.helper.as_deref(), request), *span);
                json.push_str(",\"helper\":");
                json::string(json, refused.helper.as_deref().unwrap_or(""));
                json.push('}');
            });
            json.push('}');
            Ok(json)
        })
    })
}

/// Where the body that [`compile`] makes of the same arguments calls the function of `Math` of this name first, in JSON: `line`,
/// `column`, `snippet` and `helper`, as above.
#[napi(catch_unwind)]
pub(crate) fn locate_math(
    parameters: String,
    returns: bool,
    source: String,
    data: String,
    texts: Vec<String>,
    name: String,
) -> JsResult<String> {
    JsResult::of(|| {
        with_request(&parameters, returns, &source, &data, &texts, |request| {
            let bad =
                Error::WrongType { argument: "name", expected: "that of a function that the body calls" };
            let (helper, span) = first_call(request, &name).ok_or(bad)?;
            let mut json = String::from("{");
            place(&mut json, source_of(helper.as_deref(), request), span);
            json.push_str(",\"helper\":");
            json::string(&mut json, helper.as_deref().unwrap_or(""));
            json.push('}');
            Ok(json)
        })
    })
}

fn place(json: &mut String, source: &str, span: Span) {
    let place = locate(source, span.start);
    let (line, carets) = snippet(source, span);
    let _ = write!(json, "\"line\":{},\"column\":{},\"snippet\":", place.line, place.column);
    json::string(json, &format!("{line}\n{carets}"));
}

/// What runs a body.
struct Engine {
    name: &'static str,
    isa: &'static str,
    /// How many indices at once.
    block: usize,
    /// Of machine code.
    bytes: usize,
}

impl Engine {
    /// Finds out what runs the body, and adds a line to the text on it.
    fn explain(&mut self, request: &Request<'_>, portable: bool, text: &mut String) {
        let Ok(body) = BODIES.get(request) else { return };
        // What code there will be is not known before all of its functions are.
        let Ok(library) = library(&body, portable) else { return };
        let native = if engine::may_use_code() {
            engine::native(&body, library).map_err(NoCode::reason)
        } else {
            Err(ASKED)
        };
        let _ = match native {
            Ok(native) => {
                let bytes = native.code().len() + native.scalar().map_or(0, |scalar| scalar.code().len());
                *self = Self { name: "machine code", isa: native.isa(), block: native.lanes(), bytes };
                describe(native, text)
            }
            Err(why) => writeln!(text, "engine  block interpreter: {why}"),
        };
    }
}

/// What there is to say of machine code.
fn describe(native: &Native, text: &mut String) -> fmt::Result {
    let (isa, bytes) = (native.isa(), native.code().len());
    let left_alone =
        distrusted().map_or(String::new(), |isa| format!("; code for {isa} fails its test here"));
    match native.lanes() {
        1 => writeln!(text, "engine  machine code, {bytes} bytes, one index at a time{left_alone}")?,
        lanes => writeln!(
            text,
            "engine  machine code for {isa}, {bytes} bytes, {lanes} indices at a time{left_alone}"
        )?,
    }
    let Some(scalar) = native.scalar() else { return Ok(()) };
    let bytes = scalar.code().len();
    writeln!(
        text,
        "        and {bytes} bytes for one index at a time: as it runs, what takes less time is used"
    )
}

/// Why there is no machine code if the program wants none.
const ASKED: &str = "ALLCORES_ENGINE asks for it";

/// Does something with what JavaScript asks to be compiled.
fn with_request<T>(
    parameters: &str,
    returns: bool,
    source: &str,
    data: &str,
    texts: &[String],
    act: impl FnOnce(&Request<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let bad = |argument, expected| Error::WrongType { argument, expected };
    let parameters = parameters_of(parameters).ok_or(bad("parameters", "those of a body"))?;
    let data = shape::parse(data, texts).ok_or(bad("data", "a shape"))?;
    let returns = if returns { Returns::Number } else { Returns::Nothing };
    act(&Request { source, parameters, returns, data: &data })
}

fn parameters_of(text: &str) -> Option<Parameters> {
    match text {
        "i1" => Some(Parameters::Indices(1)),
        "i2" => Some(Parameters::Indices(2)),
        "i3" => Some(Parameters::Indices(3)),
        _ => Element::from_name(text.strip_prefix('e')?)
            .filter(|element| !element.is_bigint())
            .map(Parameters::Element),
    }
}

/// All that is refused, as one error: its place is that of the first.
fn unsupported(refused: &[Refused], request: &Request<'_>) -> Error {
    let mut message = String::from("The body cannot be compiled:");
    let mut at = 0;
    while let Some(first) = refused.get(at) {
        let same = refused[at..].iter().take_while(|other| other.helper == first.helper).count();
        let diagnostics: Vec<_> =
            refused[at..at + same].iter().map(|other| other.diagnostic.clone()).collect();
        let source = source_of(first.helper.as_deref(), request);
        message.push('\n');
        if let Some(helper) = &first.helper {
            let _ = writeln!(message, "in the helper function `{helper}`:");
        }
        message.push_str(render(&diagnostics, source).trim_end());
        at += same;
    }
    let Some(first) = refused.first() else {
        return Error::Panicked("a body was refused without a reason".to_owned());
    };
    let source = source_of(first.helper.as_deref(), request);
    let place = locate(source, first.diagnostic.span.start);
    let (line, carets) = snippet(source, first.diagnostic.span);
    Error::Unsupported(Unsupported {
        message,
        line: place.line,
        column: place.column,
        snippet: format!("{line}\n{carets}"),
    })
}

/// The text that something is refused in: of a helper function, or of the body.
fn source_of<'a>(helper: Option<&str>, request: &Request<'a>) -> &'a str {
    let Some(helper) = helper else { return request.source };
    let path: Vec<Box<str>> = helper.split('.').map(Box::from).collect();
    match request.data.at(&path) {
        Some(Shape::Function(source)) => source,
        _ => "",
    }
}

/// What JavaScript has to know of a body, in JSON: `scalars` and `arrays`, paths into `data` of what the body wants, an empty
/// one for the view whose elements it is called with; `written`, for each array, whether the body stores to it; `captured`, the
/// names of `data` that are not taken from the body's parameter; `math`, the functions whose bits engines differ in; `loops` and
/// `atomics`, whether there are any; `polls`, whether a loop looks at an element until it changes; `closed`, whether all that it does is in
/// its source.
#[napi(catch_unwind)]
pub(crate) fn describe_body(body: &Compiled) -> String {
    let mut text = String::from("{\"scalars\":");
    json::list(&mut text, body.scalars(), |text, path| {
        json::list(text, path, |text, name| json::string(text, name));
    });
    text.push_str(",\"arrays\":");
    json::list(&mut text, body.arrays(), |text, path| {
        json::list(text, path, |text, name| json::string(text, name));
    });
    text.push_str(",\"written\":");
    json::list(&mut text, &body.function().arrays, |text, array| {
        text.push_str(if array.is_written { "true" } else { "false" });
    });
    text.push_str(",\"captured\":");
    json::list(&mut text, body.captured(), |text, name| json::string(text, name));
    text.push_str(",\"math\":");
    let hypot = body.has_hypot().then_some("hypot");
    let math: Vec<&str> = body.math().iter().map(|function| function.name()).chain(hypot).collect();
    json::list(&mut text, &math, |text, name| json::string(text, name));
    let polls = body.polled().contains(&true);
    let (loops, atomics, closed) = (body.has_loops(), body.has_atomics(), body.is_closed());
    let _ = write!(text, ",\"loops\":{loops},\"atomics\":{atomics},\"polls\":{polls},\"closed\":{closed}}}");
    text
}
