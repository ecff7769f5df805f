//! What a user is told about a body that cannot be compiled.
#![forbid(unsafe_code)]
