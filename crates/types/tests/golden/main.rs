//! Holds Rust and Python together: `tests/golden/records.json` says every record's bytes and every enum's numbers.
//!
//! Each record has one sample whose fields are all different. To accept a change of the records, which also needs a
//! new `RECORD_VERSION`, or a new `CORE_VERSION` where it only takes reserved bytes: `UPDATE_GOLDEN=1 cargo test -p tickyard-types --test golden`.

mod json;
mod samples;

use json::object;
use std::path::PathBuf;
use tickyard_types::{
    AmendResult, CORE_VERSION, CancelSource, Command, CommandKind, EventKind, InstrumentState, OrderState, OrderType,
    PostingReason, PriceType, RECORD_VERSION, Refusal, Reply, SelfTrade, Side, TradeMode, TriggerKind, TriggerState,
    Wallet, command_size, event_size,
};
use zerocopy::{FromBytes, IntoBytes};

fn golden_path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/records.json")
}

fn enums() -> String {
    macro_rules! numbers {
        ($($name:ident),+) => {
            vec![$((stringify!($name), object(
                $name::ALL.iter().map(|value| (format!("{value:?}"), (*value as u16).to_string())),
            ))),+]
        };
    }
    object(numbers![
        CommandKind,
        EventKind,
        Side,
        OrderType,
        TradeMode,
        SelfTrade,
        InstrumentState,
        OrderState,
        CancelSource,
        AmendResult,
        Wallet,
        PostingReason,
        TriggerKind,
        TriggerState,
        PriceType,
        Refusal
    ])
}

#[test]
fn records_and_enums_are_those_of_the_golden_file() {
    let written = object([
        ("recordVersion", RECORD_VERSION.to_string()),
        ("coreVersion", CORE_VERSION.to_string()),
        ("enums", enums()),
        ("commands", object(samples::commands().iter().map(|sample| (sample.name, sample.json())))),
        ("events", object(samples::events().iter().map(|sample| (sample.name, sample.json())))),
        ("reply", samples::reply().json()),
    ]);
    let written = json::pretty(&written);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(golden_path(), &written).unwrap();
    }
    let kept = std::fs::read_to_string(golden_path()).unwrap();
    assert_eq!(kept, written, "the records changed; a journal in the old layout would be read wrongly");
}

#[test]
fn every_command_has_a_sample_that_decodes_to_itself() {
    let samples = samples::commands();
    let kinds: Vec<String> = CommandKind::ALL.iter().map(|kind| format!("{kind:?}")).collect();
    assert_eq!(samples.iter().map(|sample| sample.name).collect::<Vec<_>>(), kinds);
    for (sample, kind) in samples.iter().zip(CommandKind::ALL) {
        assert_eq!(Some(sample.bytes.len()), command_size(*kind as u8), "{}", sample.name);
        let decoded = Command::decode(&sample.bytes).unwrap();
        assert_eq!(decoded.header().kind, *kind);
        assert_eq!(format!("{decoded:?}"), format!("{}({})", sample.name, sample.debug));
    }
}

#[test]
fn every_event_has_a_sample_that_decodes_to_itself() {
    let samples = samples::events();
    let kinds: Vec<String> = EventKind::ALL.iter().map(|kind| format!("{kind:?}")).collect();
    assert_eq!(samples.iter().map(|sample| sample.name).collect::<Vec<_>>(), kinds);
    for (sample, kind) in samples.iter().zip(EventKind::ALL) {
        assert_eq!(sample.bytes.len(), event_size(*kind), "{}", sample.name);
        assert_eq!(sample.bytes[0], *kind as u8);
        assert_eq!(u16::from_le_bytes([sample.bytes[2], sample.bytes[3]]) as usize, sample.bytes.len());
        assert_eq!(samples::decoded_event(*kind, &sample.bytes), sample.debug);
    }
}

#[test]
fn the_reply_decodes_to_itself() {
    let sample = samples::reply();
    let decoded = Reply::read_from_bytes(&sample.bytes).unwrap();
    assert_eq!(decoded.as_bytes(), sample.bytes);
    assert_eq!(format!("{decoded:?}"), sample.debug);
}

#[test]
fn a_value_outside_its_enum_is_no_command() {
    for sample in samples::commands() {
        let mut bytes = sample.bytes.clone();
        bytes[0] = 200;
        assert!(Command::decode(&bytes).is_err());
        assert!(Command::decode(&sample.bytes[1..]).is_err());
        assert!(Command::decode(&sample.bytes[..sample.bytes.len() - 1]).is_err());
    }
    let mut place = samples::commands()[0].bytes.clone();
    place[28] = 9; // the side
    assert!(Command::decode(&place).is_err());
}
