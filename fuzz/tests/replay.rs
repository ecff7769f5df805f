//! Every input that is kept, in `corpus/` because it reaches something and in `regressions/` because it once failed, passes.

use std::path::Path;

fn replay(target: &str, check: fn(&[u8])) {
    let mut inputs = 0;
    for folder in ["corpus", "regressions"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(target);
        let Ok(files) = folder.read_dir() else { continue };
        for file in files {
            let path = file.unwrap().path();
            // Shown if it fails.
            println!("{}", path.display());
            check(&std::fs::read(path).unwrap());
            inputs += 1;
        }
    }
    assert!(inputs >= 10, "{inputs} inputs for {target}");
}

#[test]
fn arguments() {
    replay("arguments", allcores_fuzz::arguments::check);
}

#[test]
fn ir() {
    replay("ir", allcores_fuzz::ir::check);
}

#[test]
fn kernels() {
    replay("kernels", allcores_fuzz::kernels::check);
}

#[test]
fn moments() {
    replay("moments", allcores_fuzz::moments::check);
}

#[test]
fn partials() {
    replay("partials", allcores_fuzz::partials::check);
}

#[test]
fn planner() {
    replay("planner", allcores_fuzz::planner::check);
}

#[test]
fn text() {
    replay("text", allcores_fuzz::text::check);
}
