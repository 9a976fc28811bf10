//! The host under bad luck: short reads and writes, early segments, half-full batches, slow threads.

use crate::client::{Home, refusal};
use crate::market::{ALICE, BOB, limit, mass_cancel};
use tickyard_buggify::Plan;
use tickyard_types::{OrderId, Side};

#[test]
fn bad_luck_at_every_point_changes_no_answer_and_no_state() {
    let mut all = Vec::new();
    for seed in 0..4 {
        let home = Home::new();
        // The first has none.
        Plan::new(seed, seed * 2).install();
        let running = home.start();
        let mut worker = running.worker_of(7);
        worker.open_market();
        let mut answers = Vec::new();
        for round in 1..=20 {
            let records = (0..12).map(|n| match n % 2 {
                0 => limit(ALICE, Side::Buy, 90 + n, 1),
                _ => limit(BOB, Side::Sell, 92 + n, 1),
            });
            for reply in worker.carry_out(records.collect()) {
                assert_eq!(refusal(&reply), None);
                answers.push((reply.seq, reply.order_id));
            }
            answers.push((worker.accepted(mass_cancel(ALICE)).seq, OrderId(0)));
            if round == 10 {
                tickyard_host::make_snapshot(&home.root(), 2, 1).unwrap().unwrap();
            }
        }
        let before = worker.state();
        running.stop();
        assert_eq!(tickyard_host::verify(&home.root(), &[], |_| ()).unwrap().defects, []);
        let running = home.start();
        assert_eq!(running.worker().state(), before);
        running.stop();
        all.push(answers);
    }
    assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "all were answered alike");
}
