//! What the Node edge does when Node-API does not do what it is asked: every call of it fails in turn, once or from there
//! on, with every status that a dying environment has.
//!
//! Whatever fails: nothing panics; references and claims are let go of once; an idle port does not keep the event loop.

#![cfg(unix)]

mod fake;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use fake::{Fault, Handle, Status, Thrown, Value};

#[test]
fn smoke() {
    fake::load();
    let mut mail = vec![0; bytes() / 8];
    let settle = fake::make(Value::Settle);
    let mailbox = fake::mailbox(&mut mail);
    let port = fake::call("open", &[settle, mailbox]).unwrap();
    println!("{port:?}");
}

fn bytes() -> usize {
    match fake::call("mailboxBytes", &[]) {
        Ok(Value::Number(bytes)) => bytes as usize,
        other => panic!("{other:?}"),
    }
}
