//! Lets the cdylib find Node-API's symbols in the host process, and pins the module (`-z nodelete`) where the linker can.

fn main() {
    napi_build::setup();
    // The tests in tests/ have a Node-API of their own, which the addon has to find in its host.
    if std::env::var_os("CARGO_CFG_UNIX").is_some() && std::path::Path::new("tests").is_dir() {
        println!("cargo::rustc-link-arg-tests=-rdynamic");
    }
}
