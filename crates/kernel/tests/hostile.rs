//! Sources that are made to take long, or to use up the stack, are compiled or refused all the same.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use allcores_kernel::diagnostic::Kind;
use allcores_kernel::interpret::Plan;
use allcores_kernel::ir::Element;
use allcores_kernel::lower::{Parameters, Request, Returns, Shape, lower};
use allcores_kernel::syntax::MAX_SOURCE;

fn compile(source: &str) -> Result<Plan, Kind> {
    let array = Shape::Array { element: Element::Float64, is_shared: true };
    let data = Shape::Object(BTreeMap::from([
        ("a".into(), array),
        ("n".into(), Shape::Number),
        ("t".into(), Shape::Table([4, 4].into())),
        ("f".into(), Shape::Function("x => x + 1".into())),
    ]));
    let request =
        Request { source, parameters: Parameters::Indices(1), returns: Returns::Number, data: &data };
    let lowered = lower(&request).map_err(|refused| refused[0].diagnostic.kind)?;
    Ok(Plan::new(lowered.function))
}

/// A beginning, what is repeated (`#` is its number, `@` the next one), and an end.
const REPEATED: &[(&str, &str, &str)] = &[
    ("i=>{let s=0;", "s+=i;", "return s}"),
    ("i=>{", "let v#=i;", "return i}"),
    ("i=>{let s=0;", "let v#=i;s+=v#;", "return s}"),
    ("i=>{", "var v#=i;", "return i}"),
    ("i=>{", "var v#;", "return i}"),
    ("i=>{let s=0;", "if(i>#)s+=1;", "return s}"),
    ("i=>{let s=0;", "let v#=0;if(i>#)v#=1;", "return s}"),
    ("i=>{", "if(i>#)return #;", "return 1}"),
    ("i=>{let s=0;", "for(let k#=0;k#<2;k#++)s+=i;", "return s}"),
    ("i=>{", "for(;;)break;", "return 1}"),
    ("i=>{let s=0;", "while(s<i)s++;", "return s}"),
    ("i=>{let s=0;", "for(;;){if(s>i)break;s++}", "return s}"),
    ("i=>{", "{let x=i}", "return i}"),
    ("i=>{", "l#:{if(i)break l#}", "return i}"),
    ("i=>{l:{", "if(i>#)break l;", "}return i}"),
    ("i=>{for(;;){", "if(i>#)break;", "}return i}"),
    ("i=>{let s=0;for(let k=0;k<9;k++){", "if(i>#)continue;s++;", "}return s}"),
    ("i=>{let s=0;switch(i){", "case #:s+=1;", "}return s}"),
    ("i=>{let s=0;switch(i){", "case #:s=#;break;", "}return s}"),
    ("i=>{let s=0;", "switch(i){case 1:s=2;break;default:s=3}", "return s}"),
    ("i=>{", "const f#=x=>x+1;", "return i}"),
    ("i=>{const f=x=>x+1;let s=0;", "s=f(s);", "return s}"),
    ("i=>{const f=x=>{if(x)return 1;return 2};let s=0;", "s+=f(s);", "return s}"),
    ("i=>{let s=0;", "s+=f(s);", "return s}"),
    ("i=>{let s=0;", "s+=(x=>x)(i);", "return s}"),
    ("i=>{", "a[i]=#;", "return i}"),
    ("i=>{let s=0;", "s+=a[#];", "return s}"),
    ("i=>{let s=0;", "s+=a[#]??1;", "return s}"),
    ("i=>{", "{const w=[i]}", "return i}"),
    ("i=>{const w=[1,2];", "w[0]=i;", "return w[0]}"),
    ("i=>{const w=[1,2];let s=0;", "s+=w[i];", "return s}"),
    ("i=>{let x=1,y=2;", "[x,y]=[y,x];", "return x}"),
    ("i=>{const w=[", "1,", "2];return w[0]}"),
    ("i=>{let s=0;", "s+=t[1][2];", "return s}"),
    ("i=>{let s=0;", "s=i?s:#;", "return s}"),
    ("i=>{let s=0;", "i&&(s=#);", "return s}"),
    ("i=>{let s=0;", "s+=Math.sin(#);", "return s}"),
    ("i=>Math.hypot(", "i,", "1)"),
    ("i=>Math.max(", "i,", "1)"),
    ("i=>[", "i+i,", "1].length"),
    ("i=>{", "x#;", "return i}"),
    ("i=>{", "x#();", "return i}"),
    ("i=>{const c=1;", "c=2;", "return i}"),
    ("i=>{", "n.x;", "return i}"),
    ("i=>{let v=0;for(let k=0;k<3;k++){", "let u#=v;v=true;", "}return 1}"),
    ("i=>{let v0=0;for(;;){if(i)break;", "let b#=0;", "}return 1}"),
    ("(i,{n", ",n:p#", "})=>i"),
    ("i=>{const f=(x=1,y=2)=>x+y;let s=0;", "s+=f();", "return s}"),
    ("i=>(", "i,", "i)"),
    ("i=>{let s=0;", "s=i,", "s=1;return s}"),
    ("i=>{let s=0;", "{let i=s;s=i}", "return s}"),
    ("i=>{", "return i;", "}"),
    ("i=>{return i;", "i++;", "}"),
    ("i=>{let s=0;", "do s++;while(s<i)", "return s}"),
    ("i=>{let s=0;", "for(const v of a)s+=v;", "return s}"),
    ("i=>{let s=0;", "for(const v of [1,2])s+=v;", "return s}"),
    ("i=>{", "function f#(x){return x}", "return i}"),
    ("i=>{const g0=x=>x;", "const g@=x=>g#(x);", "return i}"),
    ("i=>{let s=0;const f=()=>s++;", "f();", "return s}"),
    ("i=>{let s;", "s??=#;", "return s}"),
    ("i=>{let s=0;", "s||=#;", "return s}"),
    ("i=>{", "i++;", "return i}"),
    ("i=>{let x=0;", "x=x++ + ++x;", "return x}"),
    ("i=>{", "'x'+i;", "return i}"),
    ("i=>{let s=0;", "for(let k=0;k<i;k++){}", "return s}"),
    ("i=>{", "var v#=0;", "for(let k=0;k<9;k++){v1++}return i}"),
    ("i=>{let s=0;", "for(let k=0;k<2;k++)s++;", "return s}"),
];

fn repeated((head, piece, tail): (&str, &str, &str), size: usize) -> String {
    let mut source = head.to_owned();
    for number in 0.. {
        let piece = piece.replace('#', &number.to_string()).replace('@', &(number + 1).to_string());
        if source.len() + piece.len() + tail.len() > size {
            break;
        }
        source.push_str(&piece);
    }
    source + tail
}

/// Values that hand something on to each other through a loop, against the order of the text.
fn rotated(count: usize) -> String {
    let all = |piece: fn(usize) -> String| (0..count).map(piece).collect::<String>();
    let declared = all(|k| format!("let v{k}=0;"));
    let handed_on = all(|k| format!("v{k}=v{};", k + 1));
    format!("i=>{{let v{count}=0;{declared}for(let k=0;k<i;k++){{{handed_on}v{count}=i>2}}return v0}}")
}

#[test]
fn many_of_anything_are_compiled_or_refused() {
    for case in REPEATED {
        let source = repeated(*case, 100_000);
        if let Err(kind) = compile(&source) {
            assert_ne!(kind, Kind::Syntax, "{}", &source[..100]);
        }
    }
    assert!(compile(&rotated(60)).is_ok());
    assert_eq!(compile(&rotated(4000)).err(), Some(Kind::TooLarge));
}

#[test]
#[ignore = "timed: for a quiet machine"]
fn no_source_takes_long() {
    let longest = REPEATED.iter().map(|case| repeated(*case, MAX_SOURCE)).chain([rotated(59), rotated(4000)]);
    for source in longest {
        let run = || {
            let start = Instant::now();
            let _ = compile(&source);
            start.elapsed()
        };
        let time = (0..3).map(|_| run()).min().expect("three runs");
        assert!(time < Duration::from_millis(300), "{time:?}: {}", &source[..100]);
    }
}

/// Functions within functions, each as deep as the syntax allows: as deep as all of them together, if nothing stopped it.
#[test]
fn inlined_functions_do_not_use_up_the_stack() {
    let nests = [
        ("(", ")"),
        ("-(", ")"),
        ("1+(", ")"),
        ("(i?", ":1)"),
        ("i&&(", ")"),
        ("i??(", ")"),
        ("[", "][0]"),
        ("Math.abs(", ")"),
        ("a[", "]"),
        ("(1,", ")"),
        ("!", ""),
        ("i=(", ")"),
        ("i||=(", ")"),
        ("(()=>", ")()"),
        ("(()=>{if(i){return ", "}return 1})()"),
    ];
    for (open, close) in nests {
        for depth in [20, 60, 100] {
            let functions: String = (1..=58)
                .map(|k| format!("const f{k}=x=>{}f{}(x){};", open.repeat(depth), k - 1, close.repeat(depth)))
                .collect();
            let source = format!("i=>{{const f0=x=>x;{functions}return f58(i)}}");
            let compiled = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
                let compiled = compile(&source).err();
                assert!(
                    matches!(compiled, None | Some(Kind::TooDeep | Kind::TooLarge | Kind::NotANumber)),
                    "{compiled:?}"
                );
            });
            compiled.expect("a thread starts").join().expect("neither panics nor overflows");
        }
    }
}
