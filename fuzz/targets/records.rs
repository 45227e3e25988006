//! The fuzzer on [`soi_fuzz::records`].

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| soi_fuzz::records::run(data));
