//! How long the block interpreter takes for an index of a body, on one thread:
//! `cargo run --release -p allcores-kernel --example speed -- 'i => i * i' 1000000`

use std::time::Instant;

use allcores_kernel::Body;
use allcores_kernel::codegen::{self, Indices, Inputs, Native, World};
use allcores_kernel::interpret::{Arrays, Block, Unlimited, WIDTH};
use allcores_kernel::lower::{Parameters, Request, Returns, Shape};
use allcores_kernel::math::Portable;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let source = arguments.next().expect("a body");
    let count: usize = arguments.next().map_or(1_000_000, |count| count.parse().expect("a count"));
    let data = Shape::Object([].into());
    let request = Request {
        source: &source,
        parameters: Parameters::Indices(1),
        returns: Returns::Number,
        data: &data,
    };
    let body = Body::compile(&request).expect("a body that can be compiled");
    println!("{}", body.function());
    let mut block = Block::new(body.plan(), &[]);
    let mut sum = 0.0;
    let began = Instant::now();
    for start in (0..count).step_by(WIDTH) {
        let indices: Vec<f64> = (start..count.min(start + WIDTH)).map(|index| index as f64).collect();
        let mut out = [0.0; WIDTH];
        let out = &mut out[..indices.len()];
        block.run(&[&indices], out, &Arrays::new([]), &Portable, &mut Unlimited).expect("an end");
        sum += out.iter().sum::<f64>();
    }
    println!("interpreter: {sum}: {:.2} ns an index", began.elapsed().as_nanos() as f64 / count as f64);
    match body.native() {
        Ok(native) => {
            if let Some(path) = std::env::var_os("CODE") {
                std::fs::write(path, native.code().bytes()).expect("a file for the code");
            }
            run(native, count);
        }
        Err(why) => println!("no machine code: {}", why.reason()),
    }
}

/// The same by machine code.
fn run(native: &Native, count: usize) {
    // SAFETY: there are no arrays.
    let inputs = unsafe { Inputs::new(&[], []) };
    let mut frame = native.frame();
    let mut out = [0.0; WIDTH];
    let mut sum = 0.0;
    let mut world = World { memory: &Arrays::new([]), math: &Portable, fuel: &mut Unlimited };
    let began = Instant::now();
    for start in (0..count).step_by(WIDTH) {
        let len = WIDTH.min(count - start);
        let block = codegen::Block { indices: Indices::From(start as u64), count: len, out: &mut out };
        // SAFETY: the inputs are those of the function: none.
        unsafe { native.run(&mut frame, &inputs, block, &mut world) }.expect("an end");
        sum += out[..len].iter().sum::<f64>();
    }
    let took = began.elapsed().as_nanos() as f64 / count as f64;
    println!("machine code, {} lanes: {sum}: {took:.2} ns an index", native.lanes());
}
