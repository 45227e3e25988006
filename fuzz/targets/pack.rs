//! The fuzzer on [`soi_fuzz::pack`].

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| soi_fuzz::pack::run(data));
