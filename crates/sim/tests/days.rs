//! Short days of a few seeds go well.

use tickyard_sim::day::live;
use tickyard_sim::draw;

#[test]
fn twenty_days_go_well() {
    for seed in 0..20 {
        if let Err(failure) = live(&draw::day(seed, 400), None) {
            panic!(
                "seed {seed}, step {}: {}\nmore: cargo run -p tickyard-sim --release -- {seed} --commands 400",
                failure.step, failure.what
            );
        }
    }
}
