//! What JavaScript has around every function, and a body does not: to pass it in `data` would not help.

/// Why a body cannot use a global, and what to do instead.
pub(super) fn of_global(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "console" | "alert" => ("a body has no output", "remove it, and print what the call resolves with"),
        "Date" | "performance" => (
            "a body has no input or output, and no clock",
            "read the clock before the call, and pass the number in `data`",
        ),
        "parseInt" | "parseFloat" => {
            ("a body has no strings to parse", "use `Math.trunc(x)` for the integer part of a number")
        }
        "BigInt" | "BigInt64Array" | "BigUint64Array" => (
            "a body has no BigInts",
            "use numbers, which are exact up to 2 ** 53, or two numbers for the halves",
        ),
        "crypto" => {
            ("a body has no such numbers", "use `random(seed, i)`, which is the same on every thread")
        }
        "String" | "RegExp" | "JSON" | "Intl" | "Symbol" | "TextEncoder" | "TextDecoder" => {
            ("a body has no strings", "use numbers: a code for each text")
        }
        "Array" | "Int8Array" | "Uint8Array" | "Uint8ClampedArray" | "Int16Array" | "Uint16Array"
        | "Int32Array" | "Uint32Array" | "Float16Array" | "Float32Array" | "Float64Array" | "ArrayBuffer"
        | "SharedArrayBuffer" | "DataView" => (
            "a body makes no arrays but small ones of a fixed length, such as `[0, 0, 0]`",
            "make it before the call, and pass it in `data`",
        ),
        "Map" | "Set" | "WeakMap" | "WeakSet" => (
            "a body has no maps and sets",
            "use an array: number the keys before the call, and pass it in `data`",
        ),
        "Error" | "AggregateError" | "EvalError" | "RangeError" | "ReferenceError" | "SyntaxError"
        | "TypeError" | "URIError" => (
            "a body has no errors, and cannot throw",
            "check arguments before the call, or return NaN and look for it",
        ),
        "Object" | "WeakRef" | "Reflect" | "Proxy" | "Function" => {
            ("a body has no objects", "use numbers, and typed arrays that come in `data`")
        }
        "Promise" | "setTimeout" | "setInterval" | "setImmediate" | "queueMicrotask" | "fetch"
        | "AbortController" | "Worker" | "XMLHttpRequest" => {
            ("a body waits for nothing", "await it before the call, and pass the number in `data`")
        }
        "globalThis" | "window" | "self" | "global" | "process" | "require" | "module" | "exports"
        | "document" | "navigator" | "Buffer" | "eval" => (
            "a body sees nothing of the program but `data`",
            "read it before the call, and pass it in `data`",
        ),
        _ => return None,
    })
}
