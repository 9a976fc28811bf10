//! What goes wrong on the way and on the machine.

use super::Day;
use crate::act::Act;

impl Day {
    pub(super) fn delivery(&mut self) -> Act {
        match self.random.below(16) {
            0..=5 => Act::Again { back: self.random.weighted(&[(6, 4), (3, 40), (1, 1_000)]) },
            6..=9 => Act::Delay,
            10..=12 => Act::Arrive { which: self.random.bits() as u8 },
            13 => Act::Worker,
            14 if self.random.once_in(6) => Act::Lost { commands: self.random.pick(&[1, 65_535, 65_536, 100_000]) },
            14 => Act::Worker,
            _ => Act::Garbled,
        }
    }

    pub(super) fn death(&mut self, list: &mut Vec<Act>) {
        if self.random.once_in(3) {
            list.push(Act::KillStart { after: self.random.between(1, 30) as u8 });
        }
        if self.random.once_in(3) {
            list.push(Act::Snapshot { keep: 2 });
        }
        let after = self.random.between(1, 9) as u8;
        let share = self.random.pick(&[0, 1, 64, 128, 255]);
        list.push(match self.random.below(2) {
            0 => Act::Kill { after, share },
            _ => Act::PowerOff { after, share, seed: self.random.bits() },
        });
        if self.random.once_in(2) {
            list.push(Act::Snapshot { keep: 1 });
        }
    }
}
