//! A program that has loaded the addon into this thread and opened its port, as `lib/` does.

use super::{Handle, Record, ThreadsafeFunction, Thrown, Value};

pub(crate) struct Program {
    pub(crate) port: Handle,
    pub(crate) waker: &'static ThreadsafeFunction,
    /// The function that gets the results.
    pub(crate) settle: Handle,
    /// The memory of the mailbox.
    mail: Vec<u64>,
}

impl Program {
    /// Opens the port of an environment into which the addon has been loaded.
    pub(crate) fn open() -> Result<Self, Thrown> {
        let mut mail = vec![0; super::constant("MAILBOX_BYTES") / 8];
        let settle = super::make(Value::Settle);
        let arguments = [settle, super::mailbox(settle, &mut mail)];
        let made = super::functions();
        let port = ask("open", &arguments)?;
        // Thrown without being able to.
        if super::functions() == made || matches!(port, Value::Undefined) {
            return Err(Thrown { code: String::new(), message: String::new() });
        }
        Ok(Self { port: super::make(port), waker: super::last_function(), settle, mail })
    }

    pub(crate) fn sum_range(&self, num: Value) -> Result<Value, Thrown> {
        ask("sumRange", &[self.port, super::make(num), number(0.0)])
    }

    pub(crate) fn sum_into_shared_buffer(
        &self,
        target: Handle,
        length: usize,
        num: Value,
    ) -> Result<Value, Thrown> {
        let num = super::make(num);
        ask("sumIntoSharedBuffer", &[self.port, target, number(length as f64), num, number(0.0)])
    }

    pub(crate) fn sum(&self, view: Handle, here: bool) -> Result<Value, Thrown> {
        ask("sum", &[self.port, view, number(0.0), super::make(Value::Boolean(here))])
    }

    pub(crate) fn dot(&self, [a, b]: [Handle; 2], here: bool) -> Result<Value, Thrown> {
        ask("dot", &[self.port, a, b, number(0.0), super::make(Value::Boolean(here))])
    }

    pub(crate) fn abort(&self, id: f64) -> Result<Value, Thrown> {
        super::call("abort", &[self.port, number(id)])
    }

    /// The result of a call that ran at once.
    pub(crate) fn answer_on_the_spot(&self) -> Record {
        // SAFETY: in the memory of the mailbox, which Rust does not write now.
        unsafe { Record::read(self.mail.as_ptr().cast(), super::constant("MAILBOX_BATCH")) }
    }
}

/// Calls an export that returns an error as an object: it throws only if Node-API makes no object.
fn ask(name: &str, arguments: &[Handle]) -> Result<Value, Thrown> {
    match super::call(name, arguments) {
        Ok(Value::Object(properties)) => Err(refusal(&properties)),
        Err(thrown) => {
            assert!(!super::failed().is_empty(), "{name} has thrown {thrown:?}, and nothing had failed");
            Err(thrown)
        }
        answer => answer,
    }
}

/// The error that an export returned as an object with these properties.
pub(crate) fn refusal(properties: &[(String, Handle)]) -> Thrown {
    let [(code, code_value), (message, message_value)] = properties else { panic!("{properties:?}") };
    assert_eq!((code.as_str(), message.as_str()), ("code", "message"));
    let (Value::Text(code), Value::Text(message)) = (super::value(*code_value), super::value(*message_value))
    else {
        panic!("not strings")
    };
    Thrown { code, message }
}

fn number(value: f64) -> Handle {
    super::make(Value::Number(value))
}
