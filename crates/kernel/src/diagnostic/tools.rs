//! Names that compilers, bundlers and coverage tools make up.

/// A tool, and what its user can do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tool {
    /// As people call it.
    pub name: &'static str,
    /// What to write or to switch off.
    pub remedy: &'static str,
}

const IMPORT: &str = "pass what is imported under a name of its own: `import { f } from …; const g = f;` and `{ data: { g } }`, and call `g` in the body";
const TARGET: &str = "compile for a newer target (ES2018 or later), or write the loop without this syntax";

const ESBUILD_NAME: Tool = Tool {
    name: "esbuild (tsx)",
    remedy: "switch `keepNames` off, or declare the inner function by `function`",
};
const ESBUILD_HELPER: Tool = Tool { name: "esbuild", remedy: TARGET };
const ESBUILD_IMPORT: Tool = Tool { name: "esbuild (tsx)", remedy: IMPORT };
const VITE: Tool = Tool { name: "vite (vitest)", remedy: IMPORT };
const WEBPACK: Tool = Tool { name: "webpack", remedy: IMPORT };
const BABEL_HELPER: Tool = Tool { name: "babel", remedy: TARGET };
const BABEL_TEMPORARY: Tool = Tool { name: "babel", remedy: TARGET };
const BABEL_IMPORT: Tool = Tool { name: "babel", remedy: IMPORT };
const TSC_HELPER: Tool = Tool { name: "the TypeScript compiler", remedy: TARGET };
const TSC_IMPORT: Tool = Tool { name: "the TypeScript compiler", remedy: IMPORT };
const SWC_HELPER: Tool = Tool { name: "swc", remedy: TARGET };
const ISTANBUL: Tool = Tool {
    name: "istanbul (a coverage tool)",
    remedy: "write `/* istanbul ignore next */` before the function, or collect coverage by V8 (`c8`, `coverageProvider: 'v8'`)",
};

/// Which tool makes up names such as this one, if any. A guess: ask only about names that are not known otherwise.
#[must_use]
pub fn tool_of_name(name: &str) -> Option<Tool> {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    // `_ref`, `_ref2`, `_ref$a`
    let numbered = |stem: &str| {
        name.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || digits(rest) || rest.starts_with('$'))
    };
    if is_counter(name) || name.starts_with("__cov_") || name == "__coverage__" {
        return Some(ISTANBUL);
    }
    if name.starts_with("__vite_ssr_") || name.starts_with("__vi_import_") || name.starts_with("__vite__") {
        return Some(VITE);
    }
    if name.contains("__WEBPACK_") || name.starts_with("__webpack_") {
        return Some(WEBPACK);
    }
    match name {
        "__name" => return Some(ESBUILD_NAME),
        "__pow" | "__spreadValues" | "__spreadProps" | "__objRest" | "__async" | "__publicField"
        | "__template" | "__forAwait" | "__privateGet" | "__toESM" | "__yieldStar" | "__using" => {
            return Some(ESBUILD_HELPER);
        }
        "__read"
        | "__values"
        | "__spread"
        | "__spreadArray"
        | "__spreadArrays"
        | "__rest"
        | "__assign"
        | "__awaiter"
        | "__generator"
        | "__extends"
        | "__makeTemplateObject"
        | "__importStar"
        | "__importDefault"
        | "__classPrivateFieldGet"
        | "__classPrivateFieldSet" => return Some(TSC_HELPER),
        "_slicedToArray"
        | "_toConsumableArray"
        | "_toArray"
        | "_objectWithoutProperties"
        | "_classCallCheck"
        | "_createForOfIteratorHelper"
        | "_createForOfIteratorHelperLoose"
        | "_asyncToGenerator"
        | "_typeof"
        | "_defineProperty"
        | "_objectSpread"
        | "_readOnlyError"
        | "_taggedTemplateLiteral"
        | "_loop"
        | "_arrayLikeToArray"
        | "_unsupportedIterableToArray"
        | "_nonIterableRest"
        | "_toPropertyKey"
        | "_interopRequireDefault"
        | "_interopRequireWildcard"
        | "_classPrivateFieldGet"
        | "_createClass" => {
            return Some(BABEL_HELPER);
        }
        "_sliced_to_array"
        | "_to_consumable_array"
        | "_object_without_properties"
        | "_async_to_generator"
        | "_class_call_check"
        | "_type_of"
        | "_define_property"
        | "_object_spread"
        | "_tagged_template_literal"
        | "_ts_generator"
        | "_ts_values"
        | "_object_destructuring_empty" => return Some(SWC_HELPER),
        _ => {}
    }
    if ["_ref", "_step", "_iterator", "_didIteratorError", "_iteratorError", "_iteratorNormalCompletion"]
        .into_iter()
        .any(numbered)
    {
        return Some(BABEL_TEMPORARY);
    }
    if name.strip_prefix("import_").is_some_and(|rest| !rest.is_empty()) {
        return Some(ESBUILD_IMPORT);
    }
    // `util_1` of tsc, `_util` and `_util2` of babel: last, as these are the likeliest to be a user's own.
    if name.rsplit_once('_').is_some_and(|(stem, n)| !stem.is_empty() && digits(n)) {
        return Some(TSC_IMPORT);
    }
    let rest = name.strip_prefix('_')?;
    rest.starts_with(|c: char| c.is_ascii_lowercase()).then_some(BABEL_IMPORT)
}

/// `cov_22r6rzt9ig`: the counter function of istanbul.
pub(crate) fn is_counter(name: &str) -> bool {
    name.strip_prefix("cov_").is_some_and(|hash| {
        (5..=16).contains(&hash.len()) && hash.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_are_known_by_their_names() {
        for (tool, names) in [
            ("esbuild (tsx)", &["__name", "import_util", "import_util2"][..]),
            ("esbuild", &["__pow", "__spreadValues"]),
            ("vite (vitest)", &["__vite_ssr_import_0__", "__vi_import_0__"]),
            ("webpack", &["_util__WEBPACK_IMPORTED_MODULE_0__", "__webpack_require__"]),
            (
                "babel",
                &[
                    "_ref",
                    "_ref2",
                    "_ref$a",
                    "_slicedToArray",
                    "_createForOfIteratorHelper",
                    "_util",
                    "_util2",
                ],
            ),
            ("the TypeScript compiler", &["util_1", "__read", "__values", "__spreadArray", "my_util_12"]),
            ("swc", &["_sliced_to_array"]),
            ("istanbul (a coverage tool)", &["cov_22r6rzt9ig", "cov_1g0i2p5w3c", "__coverage__"]),
        ] {
            for name in names {
                assert_eq!(tool_of_name(name).map(|t| t.name), Some(tool), "{name}");
            }
        }
        for name in
            ["", "_", "a", "step", "cov_", "cov_A1b2c3", "_1", "__", "import_", "reference", "$1", "KERNEL5"]
        {
            assert_eq!(tool_of_name(name), None, "{name}");
        }
    }
}
