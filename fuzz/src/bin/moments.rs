#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| allcores_fuzz::moments::check(data));
