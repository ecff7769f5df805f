//! Lets the cdylib find Node-API's symbols in the host process, and pins the module (`-z nodelete`) where the linker can.

fn main() {
    napi_build::setup();
}
