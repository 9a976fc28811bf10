//! A log does what a list does, whatever is appended, whenever anything dies.

use crate::machine::{Body, Machine, append, read_after};
use proptest::prelude::*;
use tickyard_journal::testing::{PowerFailure, Stop};
use tickyard_journal::{CommandLog, FileLog, Head};

#[derive(Clone, Debug)]
enum Act {
    Append(usize),
    Reopen,
    Kill { after: u64, share: u8 },
    PowerOff { after: u64, share: u8, seed: u64 },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (1_usize..12_000).prop_map(Act::Append),
        4 => (1_usize..400).prop_map(Act::Append),
        1 => (30_000_usize..60_000).prop_map(Act::Append),
        1 => Just(Act::Reopen),
        1 => (1_u64..8, any::<u8>()).prop_map(|(after, share)| Act::Kill { after, share }),
        1 => (1_u64..8, any::<u8>(), any::<u64>()).prop_map(|(after, share, seed)| Act::PowerOff { after, share, seed }),
    ]
}

/// The list: what was acknowledged, and the one append whose outcome is unknown.
#[derive(Default)]
struct Model {
    acknowledged: Vec<Body>,
    unknown: Option<Body>,
}

impl Model {
    /// Takes what recovery found for the truth, if it may be.
    fn settle(&mut self, found: Vec<Body>) {
        let mut longer = self.acknowledged.clone();
        longer.extend(self.unknown.take());
        assert!(found == self.acknowledged || found == longer, "acknowledged {}", self.acknowledged.len());
        self.acknowledged = found;
    }
}

fn recover(machine: &Machine, model: &mut Model) -> FileLog {
    let log = machine.open().expect("starts");
    model.settle(read_after(&log, Head::GENESIS).expect("whole"));
    log
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_log_is_a_list_that_survives(acts in prop::collection::vec(act(), 1..60)) {
        let machine = Machine::new();
        let mut model = Model::default();
        let mut log = machine.open().expect("opens");
        let mut failure = None;
        for (index, act) in acts.into_iter().enumerate() {
            match act {
                Act::Append(bytes) => {
                    let body = vec![index as u8 + 1; bytes];
                    match append(&mut log, &body) {
                        Ok(head) => {
                            model.acknowledged.push(body);
                            prop_assert_eq!(head.seq.0, model.acknowledged.len() as u64);
                            prop_assert_eq!(head, log.head());
                        }
                        Err(error) => {
                            prop_assert!(machine.storage.is_dead(), "{}", error);
                            model.unknown = Some(body);
                            match failure.take() {
                                Some(failure) => machine.storage.lose_power(failure),
                                None => machine.storage.restart(),
                            }
                            log = recover(&machine, &mut model);
                        }
                    }
                }
                Act::Reopen => {
                    // A death that was still to come is called off.
                    machine.storage.restart();
                    failure = None;
                    log = recover(&machine, &mut model);
                }
                Act::Kill { after, share } => {
                    failure = None;
                    machine.storage.stop_at(Stop { step: machine.storage.steps() + after, share });
                }
                Act::PowerOff { after, share, seed } => {
                    failure = Some(PowerFailure::KeepsSome(seed));
                    machine.storage.stop_at(Stop { step: machine.storage.steps() + after, share });
                }
            }
        }
        machine.storage.lose_power(PowerFailure::KeepsNothing);
        drop(recover(&machine, &mut model));
        let verified = machine.verify().expect("whole");
        prop_assert_eq!(verified.head.seq.0, model.acknowledged.len() as u64);
    }
}
