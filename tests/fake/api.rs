//! The functions of Node-API that the addon looks up in its host.

use std::ffi::CStr;
use std::ffi::c_char;

use super::threadsafe::{self, CallJs};
use super::{
    Arguments, Callback, ENV, FinalizeCallback, Finalizer, GENERIC_FAILURE, Handle, Hook, INVALID_ARG, OK,
    PENDING_EXCEPTION, Record, Reference, Status, ThreadsafeFunction, Thrown, Value, with,
};

/// The status that call `name` is to give, if it is to fail.
fn refusal(name: &'static str) -> Option<Status> {
    with(|node| {
        let fault = node.fault?;
        let call = node.calls;
        node.calls += 1;
        let hit = call == fault.at || fault.onwards && call > fault.at;
        hit.then(|| {
            node.failed.push(name);
            fault.status
        })
    })
}

fn set<T>(place: Option<&mut T>, value: T) -> Status {
    let Some(place) = place else { return INVALID_ARG };
    *place = value;
    OK
}

fn make(place: Option<&mut Handle>, value: Value) -> Status {
    set(place, super::make(value))
}

fn make_error(code: Handle, message: Handle, place: Option<&mut Handle>) -> Status {
    make(place, Value::Error { code: text(code), message: text(message) })
}

fn text(handle: Handle) -> String {
    match super::value(handle) {
        Value::Text(text) => text,
        other => panic!("not a string: {other:?}"),
    }
}

/// Places for answers are `Option<&mut T>`: a pointer that may be null.
macro_rules! node_api {
    ($(fn $name:ident($env:ident $(, $argument:ident: $type:ty)*) $body:block)*) => {$(
        #[unsafe(no_mangle)]
        extern "C" fn $name($env: Handle $(, $argument: $type)*) -> Status {
            assert_eq!($env, ENV, "{} in an environment that is not there", stringify!($name));
            if let Some(status) = refusal(stringify!($name)) {
                return status;
            }
            $body
        }
    )*};
}

node_api! {
    fn napi_get_undefined(env, result: Option<&mut Handle>) { make(result, Value::Undefined) }
    fn napi_get_null(env, result: Option<&mut Handle>) { make(result, Value::Null) }
    fn napi_get_boolean(env, value: bool, result: Option<&mut Handle>) { make(result, Value::Boolean(value)) }
    fn napi_create_object(env, result: Option<&mut Handle>) { make(result, Value::Object(Vec::new())) }
    fn napi_create_array(env, result: Option<&mut Handle>) { make(result, Value::Array(Vec::new())) }
    fn napi_create_uint32(env, value: u32, result: Option<&mut Handle>) {
        make(result, Value::Number(f64::from(value)))
    }
    fn napi_create_int32(env, value: i32, result: Option<&mut Handle>) {
        make(result, Value::Number(f64::from(value)))
    }
    fn napi_create_int64(env, value: i64, result: Option<&mut Handle>) {
        make(result, Value::Number(value as f64))
    }
    fn napi_create_double(env, value: f64, result: Option<&mut Handle>) { make(result, Value::Number(value)) }
    fn napi_create_string_utf8(env, start: *const u8, len: isize, result: Option<&mut Handle>) {
        // SAFETY: a string of that many bytes, or one that ends in a NUL.
        make(result, Value::Text(unsafe { string(start, len) }))
    }
    fn napi_create_function(
        env, _name: *const u8, _len: isize, callback: Option<Callback>, data: usize, result: Option<&mut Handle>
    ) {
        let Some(callback) = callback else { return INVALID_ARG };
        make(result, Value::Function { callback, data })
    }
    fn napi_create_error(env, code: Handle, message: Handle, result: Option<&mut Handle>) {
        make_error(code, message, result)
    }
    fn napi_create_type_error(env, code: Handle, message: Handle, result: Option<&mut Handle>) {
        make_error(code, message, result)
    }
    fn napi_create_range_error(env, code: Handle, message: Handle, result: Option<&mut Handle>) {
        make_error(code, message, result)
    }
    fn napi_throw(env, error: Handle) {
        let Value::Error { code, message } = super::value(error) else { return INVALID_ARG };
        throw(code, message)
    }
    fn napi_throw_error(env, code: *const c_char, message: *const c_char) { throw_strings(code, message) }
    fn napi_is_exception_pending(env, result: Option<&mut bool>) {
        set(result, with(|node| node.thrown.is_some()))
    }
    fn napi_get_and_clear_last_exception(env, result: Option<&mut Handle>) {
        let Some(Thrown { code, message }) = with(|node| node.thrown.take()) else { return GENERIC_FAILURE };
        make(result, Value::Error { code, message })
    }
    fn napi_get_cb_info(
        env,
        info: &Arguments,
        count: Option<&mut usize>,
        arguments: *mut Handle,
        this: Option<&mut Handle>,
        data: Option<&mut usize>
    ) {
        if data.is_some() {
            set(data, info.data);
        }
        if let Some(count) = count {
            for index in 0..std::mem::replace(count, info.values.len()) {
                let argument = info.values.get(index).copied().unwrap_or_else(|| super::make(Value::Undefined));
                // SAFETY: the caller has room for as many as it said.
                unsafe { arguments.wrapping_add(index).write(argument) };
            }
        }
        if this.is_some() { make(this, Value::Undefined) } else { OK }
    }
    fn napi_typeof(env, value: Handle, result: Option<&mut i32>) {
        set(result, match super::value(value) {
            Value::Undefined => 0,
            Value::Null => 1,
            Value::Boolean(_) => 2,
            Value::Number(_) => 3,
            Value::Text(_) => 4,
            Value::Function { .. } | Value::Settle => 7,
            Value::BigInt { .. } => 9,
            _ => 6,
        })
    }
    fn napi_get_value_bool(env, value: Handle, result: Option<&mut bool>) {
        let Value::Boolean(value) = super::value(value) else { return INVALID_ARG };
        set(result, value)
    }
    fn napi_get_value_double(env, value: Handle, result: Option<&mut f64>) {
        let Value::Number(number) = super::value(value) else { return INVALID_ARG };
        set(result, number)
    }
    fn napi_get_value_uint32(env, value: Handle, result: Option<&mut u32>) {
        let Value::Number(number) = super::value(value) else { return INVALID_ARG };
        set(result, number.rem_euclid(4_294_967_296.0) as u32)
    }
    fn napi_get_value_int64(env, value: Handle, result: Option<&mut i64>) {
        let Value::Number(number) = super::value(value) else { return INVALID_ARG };
        set(result, number as i64)
    }
    fn napi_get_value_bigint_uint64(env, value: Handle, result: Option<&mut u64>, lossless: Option<&mut bool>) {
        let Value::BigInt { negative, words } = super::value(value) else { return INVALID_ARG };
        let low = words.first().copied().unwrap_or(0);
        let fits = words.iter().skip(1).all(|&word| word == 0) && (!negative || low == 0);
        set(lossless, fits);
        set(result, if negative { low.wrapping_neg() } else { low })
    }
    fn napi_get_value_string_utf8(env, value: Handle, place: *mut u8, size: usize, len: Option<&mut usize>) {
        let Value::Text(text) = super::value(value) else { return INVALID_ARG };
        if place.is_null() {
            return set(len, text.len());
        }
        let count = text.len().min(size.saturating_sub(1));
        for (index, byte) in text.bytes().take(count).chain([0]).enumerate() {
            // SAFETY: `size` bytes, of which the text and its NUL take no more.
            unsafe { place.wrapping_add(index).write(byte) };
        }
        set(len, count)
    }
    fn napi_is_typedarray(env, value: Handle, result: Option<&mut bool>) {
        set(result, matches!(super::value(value), Value::TypedArray { .. }))
    }
    fn napi_get_typedarray_info(
        env,
        value: Handle,
        kind: Option<&mut i32>,
        len: Option<&mut usize>,
        data: Option<&mut usize>,
        buffer: Option<&mut Handle>,
        _offset: Option<&mut usize>
    ) {
        let Value::TypedArray { kind: is_kind, len: is_len, data: is_data, buffer: is_buffer } = super::value(value)
        else { return INVALID_ARG };
        // As Node 24.0 does with a Float16Array: a type that it does not know stays unwritten.
        if is_kind >= 0 {
            set(kind, is_kind);
        }
        set(len, is_len);
        set(data, is_data);
        set(buffer, is_buffer);
        OK
    }
    fn napi_is_arraybuffer(env, value: Handle, result: Option<&mut bool>) {
        set(result, matches!(super::value(value), Value::ArrayBuffer))
    }
    fn napi_is_error(env, value: Handle, result: Option<&mut bool>) {
        set(result, matches!(super::value(value), Value::Error { .. }))
    }
    fn napi_set_element(env, array: Handle, index: u32, element: Handle) {
        with(|node| {
            let Value::Array(elements) = &mut node.values[array - 1] else { return INVALID_ARG };
            assert_eq!(elements.len(), index as usize);
            elements.push(element);
            OK
        })
    }
    fn napi_set_named_property(env, object: Handle, name: *const c_char, value: Handle) {
        // SAFETY: a string that ends in a NUL.
        let name = unsafe { string(name.cast(), -1) };
        add_property(object, name, value)
    }
    fn napi_define_properties(env, object: Handle, count: usize, properties: *const Property) {
        for index in 0..count {
            // SAFETY: as many descriptors as it says.
            let property = unsafe { &*properties.wrapping_add(index) };
            // SAFETY: a string that ends in a NUL.
            let name = unsafe { string(property.name.cast(), -1) };
            let value = match property.method {
                Some(callback) => super::make(Value::Function { callback, data: property.data }),
                None => property.value,
            };
            add_property(object, name, value);
        }
        OK
    }
    // There is no Reflect, nor anything else.
    fn napi_get_global(env, _result: Option<&mut Handle>) { GENERIC_FAILURE }
    fn napi_get_named_property(env, _object: Handle, _name: *const c_char, _result: Option<&mut Handle>) {
        GENERIC_FAILURE
    }
    fn napi_create_reference(env, value: Handle, count: u32, result: Option<&mut Handle>) {
        set(result, with(|node| {
            node.references.push(Some(Reference { value, count }));
            node.references.len()
        }))
    }
    fn napi_delete_reference(env, reference: Handle) {
        let was = with(|node| node.references[reference - 1].take());
        assert!(was.is_some(), "a reference is deleted twice");
        OK
    }
    fn napi_reference_ref(env, reference: Handle, result: Option<&mut u32>) {
        with(|node| {
            let reference = node.references[reference - 1].as_mut().expect("a reference is used after it was deleted");
            assert_ne!(reference.value, 0, "a reference to a collected object is made strong");
            reference.count += 1;
            set(result, reference.count)
        })
    }
    fn napi_reference_unref(env, reference: Handle, result: Option<&mut u32>) {
        with(|node| {
            let reference = node.references[reference - 1].as_mut().expect("a reference is used after it was deleted");
            assert_ne!(reference.count, 0, "a weak reference is made weak");
            reference.count -= 1;
            set(result, reference.count)
        })
    }
    fn napi_get_reference_value(env, reference: Handle, result: Option<&mut Handle>) {
        let reference = with(|node| node.references[reference - 1]);
        set(result, reference.expect("a reference is used after it was deleted").value)
    }
    fn napi_add_finalizer(
        env,
        object: Handle,
        data: usize,
        callback: Option<FinalizeCallback>,
        _hint: usize,
        result: Option<&mut Handle>
    ) {
        assert!(result.is_none(), "whoever asks for the reference must delete it");
        let Some(callback) = callback else { return INVALID_ARG };
        with(|node| node.finalizers.push(Finalizer { object, callback, data }));
        OK
    }
    fn napi_remove_env_cleanup_hook(env, hook: Hook, argument: usize) {
        with(|node| {
            let is_it = |&(other, of): &(Hook, usize)| std::ptr::fn_addr_eq(other, hook) && of == argument;
            let place = node.hooks.iter().position(is_it).expect("Deno panics: there is no such hook");
            node.hooks.remove(place);
        });
        OK
    }
    fn napi_add_env_cleanup_hook(env, hook: Hook, argument: usize) {
        with(|node| {
            let is_it = |&(other, of): &(Hook, usize)| std::ptr::fn_addr_eq(other, hook) && of == argument;
            assert!(!node.hooks.iter().any(is_it), "Node aborts: a hook is added twice");
            node.hooks.push((hook, argument));
        });
        OK
    }
    fn napi_create_threadsafe_function(
        env,
        function: Handle,
        resource: Handle,
        _name: Handle,
        max_queue: usize,
        threads: usize,
        _finalize_data: usize,
        _finalize: usize,
        context: usize,
        call_js: Option<CallJs>,
        result: Option<&mut Handle>
    ) {
        assert_eq!((max_queue, threads), (0, 1), "an unbounded queue, one count");
        let made = ThreadsafeFunction::new(call_js, function, context, resource);
        with(|node| node.functions.push(made));
        set(result, std::ptr::from_ref(made).addr())
    }
    fn napi_ref_threadsafe_function(env, function: usize) {
        threadsafe::find(function).set_referenced(true);
        OK
    }
    fn napi_unref_threadsafe_function(env, function: usize) {
        threadsafe::find(function).set_referenced(false);
        OK
    }
    fn napi_call_function(
        env,
        _this: Handle,
        function: Handle,
        count: usize,
        arguments: *const Handle,
        _result: Option<&mut Handle>
    ) {
        assert!(matches!(super::value(function), Value::Settle), "the addon calls nothing else");
        assert_eq!(count, 2);
        // SAFETY: as many arguments as it says.
        let arguments = unsafe { *arguments.cast::<[Handle; 2]>() };
        settle(function, arguments)
    }
}

#[unsafe(no_mangle)]
extern "C" fn napi_call_threadsafe_function(
    function: &ThreadsafeFunction,
    _data: usize,
    mode: i32,
) -> Status {
    assert_eq!(mode, 0, "a pool thread never blocks on JavaScript");
    function.call()
}

#[unsafe(no_mangle)]
extern "C" fn napi_release_threadsafe_function(function: &ThreadsafeFunction, _mode: i32) -> Status {
    function.release();
    OK
}

/// `napi_property_descriptor`.
#[repr(C)]
struct Property {
    name: *const c_char,
    _name: Handle,
    method: Option<Callback>,
    _getter: usize,
    _setter: usize,
    value: Handle,
    _attributes: i32,
    data: usize,
}

fn add_property(object: Handle, name: String, value: Handle) -> Status {
    with(|node| {
        let Value::Object(properties) = &mut node.values[object - 1] else { return INVALID_ARG };
        properties.push((name, value));
        OK
    })
}

/// What `lib/` does: reads `count` records.
fn settle(function: Handle, [count, messages]: [Handle; 2]) -> Status {
    let (Value::Number(count), Value::Array(messages)) = (super::value(count), super::value(messages)) else {
        panic!("settle(count, messages) gets something else");
    };
    let mailbox = with(|node| node.mailboxes.iter().find(|(settle, _)| *settle == function).map(|it| it.1));
    let mailbox = mailbox.expect("an environment has a mailbox");
    let Value::TypedArray { data, len, .. } = super::value(mailbox) else { panic!("no mailbox") };
    assert!(count as usize * super::constant("RECORD_BYTES") <= len);
    for index in 0..count as usize {
        // SAFETY: in the memory of the mailbox, which the test keeps; Rust does not write it now.
        let record = unsafe { Record::read(std::ptr::with_exposed_provenance(data), index) };
        with(|node| node.settled.push(record));
    }
    let messages = messages.into_iter().map(text);
    messages.for_each(|message| with(|node| node.messages.push(message)));
    OK
}

fn throw(code: String, message: String) -> Status {
    with(|node| {
        if node.thrown.is_some() {
            return PENDING_EXCEPTION;
        }
        node.thrown = Some(Thrown { code, message });
        OK
    })
}

fn throw_strings(code: *const c_char, message: *const c_char) -> Status {
    let text = |start: *const c_char| match start.is_null() {
        true => String::new(),
        // SAFETY: strings that end in a NUL, alive for this call.
        false => unsafe { CStr::from_ptr(start) }.to_string_lossy().into_owned(),
    };
    throw(text(code), text(message))
}

/// # Safety
///
/// Callers must give `len` bytes, or -1 and bytes that end in a NUL.
unsafe fn string(start: *const u8, len: isize) -> String {
    let bytes: Vec<u8> = (0..usize::try_from(len).unwrap_or(usize::MAX))
        // SAFETY: within the string, by the promise of the caller.
        .map(|index| unsafe { start.wrapping_add(index).read() })
        .take_while(|&byte| len >= 0 || byte != 0)
        .collect();
    String::from_utf8(bytes).expect("UTF-8")
}
