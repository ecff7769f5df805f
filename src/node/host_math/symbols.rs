//! Functions that the process has loaded, by the names that their compilers gave them.

use std::ffi::{CStr, CString, c_void};
use std::ptr::NonNull;

use allcores_kernel::ir::Math;

/// V8's `v8::base::ieee754::sin` and so on, of which `Math` is made: official Node.js binaries export them, other runtimes with V8
/// may not.
pub(super) fn of_v8(function: Math) -> Option<NonNull<c_void>> {
    let (name, arity) = (function.name(), function.arity());
    find(Module::Program, &v8_name("", name, arity))
        // From V8 13 on `pow` is there only for those who ask for the old one.
        .or_else(|| find(Module::Program, &v8_name("legacy", name, arity)))
}

/// The C library's.
pub(super) fn of_c(function: Math) -> Option<NonNull<c_void>> {
    find(Module::CLibrary, function.name())
}

/// Where a symbol is looked for.
#[derive(Clone, Copy)]
enum Module {
    /// What the process has been started with.
    Program,
    /// The C library that the program is linked with.
    CLibrary,
}

/// The name of a function of doubles in `v8::base::ieee754`, or in a namespace within: as everywhere but on Windows.
#[cfg(not(windows))]
fn v8_name(inner: &str, name: &str, arity: usize) -> String {
    let inner = if inner.is_empty() { String::new() } else { format!("{}{inner}", inner.len()) };
    format!("_ZN2v84base7ieee754{inner}{}{name}E{}", name.len(), "d".repeat(arity))
}

/// The same as Microsoft's compilers have it.
#[cfg(windows)]
fn v8_name(inner: &str, name: &str, arity: usize) -> String {
    let inner = if inner.is_empty() { String::new() } else { format!("@{inner}") };
    format!("?{name}{inner}@ieee754@base@v8@@YAN{}@Z", "N".repeat(arity))
}

fn find(module: Module, name: &str) -> Option<NonNull<c_void>> {
    lookup(module, &CString::new(name).ok()?)
}

/// Among all that is loaded for everyone, the program first: so a C library is the program's too.
#[cfg(unix)]
fn lookup(_: Module, name: &CStr) -> Option<NonNull<c_void>> {
    // SAFETY: a string that ends with a zero.
    NonNull::new(unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) })
}

#[cfg(windows)]
fn lookup(module: Module, name: &CStr) -> Option<NonNull<c_void>> {
    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetModuleHandleA(name: *const std::ffi::c_char) -> *mut c_void;
        fn GetProcAddress(module: *mut c_void, name: *const std::ffi::c_char) -> *mut c_void;
    }
    let file = match module {
        Module::Program => std::ptr::null(),
        // Programs that have linked it statically have it all the same, through this addon.
        Module::CLibrary => c"ucrtbase.dll".as_ptr(),
    };
    // SAFETY: null, which is the program, or a string that ends with a zero.
    let module = NonNull::new(unsafe { GetModuleHandleA(file) })?;
    // SAFETY: a module that is loaded: neither of the two is ever unloaded; and a string that ends with a zero.
    NonNull::new(unsafe { GetProcAddress(module.as_ptr(), name.as_ptr()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(not(windows))]
    fn names_are_mangled_as_the_itanium_abi_has_it() {
        assert_eq!(v8_name("", "sin", 1), "_ZN2v84base7ieee7543sinEd");
        assert_eq!(v8_name("", "atan2", 2), "_ZN2v84base7ieee7545atan2Edd");
        assert_eq!(v8_name("legacy", "pow", 2), "_ZN2v84base7ieee7546legacy3powEdd");
    }

    #[test]
    #[cfg(windows)]
    fn names_are_decorated_as_microsoft_does() {
        assert_eq!(v8_name("", "sin", 1), "?sin@ieee754@base@v8@@YANN@Z");
        assert_eq!(v8_name("", "atan2", 2), "?atan2@ieee754@base@v8@@YANNN@Z");
        assert_eq!(v8_name("legacy", "pow", 2), "?pow@legacy@ieee754@base@v8@@YANNN@Z");
    }

    #[cfg(target_os = "linux")]
    #[link(name = "m")]
    unsafe extern "C" {
        fn acos(x: f64) -> f64;
    }

    /// Engines are linked with all of the C library, this test is only if it says so.
    #[test]
    fn the_c_library_is_found_and_v8_is_not_here() {
        #[cfg(target_os = "linux")]
        std::hint::black_box(acos as unsafe extern "C" fn(f64) -> f64);
        for function in Math::ALL.iter().filter(|function| **function != Math::Random) {
            assert!(of_c(*function).is_some(), "{}", function.name());
            assert!(of_v8(*function).is_none(), "{}", function.name());
        }
    }
}
