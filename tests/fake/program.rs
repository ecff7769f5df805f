//! A program that has loaded the addon into this thread and opened its port, as `lib/engine.js` does.

use super::{Handle, Record, ThreadsafeFunction, Thrown, Value};

pub(crate) struct Program {
    pub(crate) port: Handle,
    pub(crate) bell: &'static ThreadsafeFunction,
    /// The memory of the mailbox.
    mail: Vec<u64>,
}

impl Program {
    /// Opens the port of an environment into which the addon has been loaded.
    pub(crate) fn open() -> Result<Self, Thrown> {
        // Sizes and the like, which cannot fail in a way that is of interest here: 1025 records.
        let mut mail = vec![0; 1025 * size_of::<Record>() / 8];
        let arguments = [super::make(Value::Settle), super::mailbox(&mut mail)];
        let made = super::functions();
        let port = ask("open", &arguments)?;
        // Thrown without being able to.
        if super::functions() == made || matches!(port, Value::Undefined) {
            return Err(Thrown { code: String::new(), message: String::new() });
        }
        Ok(Self { port: super::make(port), bell: super::last_function(), mail })
    }

    pub(crate) fn sum_range(&self, num: Value) -> Result<Value, Thrown> {
        ask("sumRange", &[self.port, super::make(num), number(0.0)])
    }

    pub(crate) fn sum_into(&self, target: Handle, length: usize, num: Value) -> Result<Value, Thrown> {
        let num = super::make(num);
        ask("sumInto", &[self.port, target, number(length as f64), num, number(0.0)])
    }

    pub(crate) fn sum(&self, view: Handle, here: bool) -> Result<Value, Thrown> {
        ask("sum", &[self.port, view, number(0.0), super::make(Value::Boolean(here))])
    }

    pub(crate) fn abort(&self, id: f64) -> Result<Value, Thrown> {
        super::call("abort", &[self.port, number(id)])
    }

    /// The record that is the answer of a call settled on the spot.
    pub(crate) fn answer_on_the_spot(&self) -> Record {
        let [head, low, high] = self.mail[1024 * 3..] else { panic!("1025 records") };
        Record { id: head as u32, kind: (head >> 32) as u32, low, high }
    }
}

/// Calls an export that gives a refusal back: thrown it is only if Node-API makes no error.
fn ask(name: &str, arguments: &[Handle]) -> Result<Value, Thrown> {
    match super::call(name, arguments) {
        Ok(Value::Error { code, message }) => Err(Thrown { code, message }),
        Err(thrown) => {
            assert!(!super::failed().is_empty(), "{name} has thrown {thrown:?}, and nothing had failed");
            Err(thrown)
        }
        answer => answer,
    }
}

fn number(value: f64) -> Handle {
    super::make(Value::Number(value))
}
