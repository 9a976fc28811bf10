//! Days on which several cores share a log: short ones of a few seeds.

use tickyard_sim::cluster::{Tally, live};

#[test]
fn f27_twenty_days_of_lost_doubled_and_late_messages_carry_each_command_out_once() {
    let mut sum = Tally::default();
    for seed in 0..20 {
        let day = live(seed, 300).unwrap_or_else(|what| panic!("seed {seed}: {what}"));
        sum.acknowledged += day.acknowledged;
        sum.fenced += day.fenced;
        sum.takeovers += day.takeovers;
    }
    assert!(sum.acknowledged > 2_000 && sum.takeovers > 100 && sum.fenced > 50, "little happened: {sum:?}");
}
