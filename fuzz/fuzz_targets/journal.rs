#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tickyard_hostile::journal(data));
