//! The rules of the language that refuse something, with the words for each.

macro_rules! kinds {
    ($($id:ident: $what:literal, $remedy:literal;)*) => {
        /// Why something is refused. Stable: programs may compare [`Kind::name`].
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[non_exhaustive]
        pub enum Kind { $(#[doc = $what] $id,)* }

        impl Kind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$id),*];

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$id => stringify!($id),)* }
            }

            /// What is wrong, in general.
            #[must_use]
            pub const fn what(self) -> &'static str {
                match self { $(Self::$id => $what,)* }
            }

            /// What to write instead, in general.
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$id => $remedy,)* }
            }
        }
    };
}

kinds! {
    Syntax: "this is not JavaScript that can be read here", "pass the function itself, as its own `toString()` shows it";
    TooLong: "the source of the body is longer than 1 MiB", "move tables out of the body into `data`";
    TooDeep: "this is nested too deeply", "put parts of it into variables or helper functions";
    NotAFunction: "the body is not a function", "pass a function, such as `(i, { a }) => a[i]`";
    NativeFunction: "the source of a native or bound function cannot be seen", "pass a function of your own that calls it, and no `bind`: what it binds goes into `data`";
    ClassBody: "a class cannot be a body", "pass a function, or a method of the class that does not use `this`";
    AsyncFunction: "an async function cannot be compiled", "remove `async`: wait for data before the call, and pass it in `data`";
    GeneratorFunction: "a generator cannot be compiled", "return one value for each index";
    Await: "a body cannot wait", "wait before the call, and pass the result in `data`";
    Yield: "a body cannot yield", "return one value for each index";
    String: "a body has no strings", "use numbers: a code for each option, tested by `===` or `switch`";
    Template: "a body has no strings, so no templates", "make text after the call, from the numbers that it returns";
    Regex: "a body has no regular expressions", "turn the text into numbers before the call";
    BigInt: "a body has no BigInt arithmetic", "use numbers, which are exact up to 2 ** 53, or two 32-bit halves";
    ObjectLiteral: "a body can make only objects of plain properties", "write `name: value` for each property, and call functions by their own names";
    Spread: "a body can spread only small arrays and objects of its own", "write the values one by one, or use a loop";
    This: "a body has no `this`", "take what it holds from the last parameter: `(i, { a }) => a[i]` with `{ data: { a } }`";
    Super: "a body has no `super`", "pass a helper function in `data`";
    Meta: "a body has no `new.target` and no `import.meta`", "pass the value in `data`";
    Import: "a body cannot import", "import before the call, and name the functions in `data`";
    New: "a body can make only small arrays of numbers", "make it before the call, and pass it in `data`";
    Class: "a body cannot declare classes", "use functions and arrays";
    Throw: "a body cannot throw", "check arguments before the call, or return NaN and look for it";
    Try: "nothing in a body can throw, so there is no `try`", "remove it and keep its block";
    With: "a body cannot use `with`", "take the properties from the last parameter: `(i, { a, b }) => …`";
    Debugger: "a body cannot stop in a debugger", "call the function itself for one index to debug it";
    ForIn: "a body cannot walk over the keys of an object", "count: `for (let k = 0; k < a.length; k++)`";
    ForAwait: "a body cannot wait", "wait before the call, and pass the result in `data`";
    Typeof: "a body has no strings, so no `typeof`", "decide before the call: a value in `data` always has the same type";
    Delete: "a body cannot delete", "store a number that means absent";
    In: "a body has no `in`", "compare the index with the length: `i < a.length`";
    Instanceof: "a body has no objects, so no `instanceof`", "decide before the call, and pass a number or boolean in `data`";
    OptionalChain: "whether this is there is known only when the body runs, so it cannot stand before `?.`", "`?.` is for what is in `data` or not: for a number write `x ?? 0`";
    Private: "a body has no private names", "read the value before the call, and pass it in `data`";
    Arguments: "a body has no `arguments`", "name the parameters";
    RestParameter: "a body has no rest parameters", "name the parameters";
    ObjectRest: "a body cannot collect the rest of an object", "name the properties";
    ArrayRest: "a body cannot collect the rest of an array", "name the elements, or read them by their index";
    HtmlComment: "`<!--` is a comment in scripts and an expression in modules", "write `< ! --` with spaces, or `//`";
    TooLarge: "the body is too large to be compiled, with its helper functions inlined", "split it into passes over arrays";
    Recursion: "a function calls itself", "use a loop, with a small array as a stack if need be";
    BlockFunction: "a function is declared in a block, and its name means something outside of the block, too", "give it another name";
    HeadFunction: "a function is made in the head of a `for`, and would see its variables as they were at the beginning", "make the function in the body of the loop";
    ParameterAgain: "this `var` has the name of a parameter, which a function among the parameters sees", "give it another name";
    UsedTooEarly: "this variable is used before its declaration", "declare it first";
    Conflict: "this variable holds different things on different paths", "use one variable for each thing, and an `if` where they are used";
    NotANumber: "this is used as a number, and is none", "use a number here";
    NumberOrBoolean: "this is a number on one path and a boolean on another, and `===` tells them apart", "use `==`, or the same type on both paths";
    ConstAssigned: "a constant is assigned to", "declare it with `let`";
    CapturedAssigned: "what a body takes from its surroundings cannot be assigned to", "declare it in the body; for a total, return the term and use `sumRange`, or use `Atomics.add` on a shared Int32Array";
    PropertyAssigned: "a property cannot be assigned to, except of an object that the body makes", "use a variable, or an element of a typed array on shared memory";
    ReadOnly: "this array is a constant: it was copied when the call was made", "pass a typed array on a SharedArrayBuffer to write to it";
    NotAnArray: "this is no array", "pass an array in `data`";
    NotIterable: "this cannot be walked along", "use an array";
    UnknownProperty: "a body cannot use this property", "use numbers, arrays, and what `Math`, `Number` and `Atomics` have";
    ComputedKey: "the name of a property must be written out", "write `.name`";
    MathRandom: "Math.random() gives each thread other numbers, and no two runs the same", "use `random(seed, i)` of allcores, which can be repeated";
    NotAFunctionCall: "this is called, and is no function that a body can call", "pass the function in `data`";
    Parameters: "the body takes other parameters than it is called with", "the last one is `data`";
    NoValue: "the body returns no value", "return a number or a boolean on every path";
    NoReturn: "a path through the body returns nothing", "return a number or a boolean on every path";
    BadData: "a body cannot use this value of `data`", "pass numbers, booleans, arrays, plain objects of these, and functions";
    LocalLength: "the length of an array of the body's own must be a constant from 1 to 4096", "write the number, or pass a shared array with room for each index in `data`";
    AtomicsArray: "Atomics need an integer typed array on shared memory", "pass an Int32Array on a SharedArrayBuffer in `data`";
    AtomicsArguments: "an argument is missing", "write all arguments";
    UnknownName: "this name is declared neither in the body nor in `data`", "pass it in `data`, or declare it in the body";
}
