//! The corpus, and mutations of it with a fixed seed. `TICKYARD_MUTATIONS` says how many of each target (3000).
//!
//! What is found is printed as bytes; put them into a file of the target's corpus, and they are tried for ever.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use tickyard_hostile::{TARGETS, Target};

const LONGEST: usize = 4_096;

/// SplitMix64: the same mutations on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the corpus is in the repository")
        .map(|entry| entry.expect("a folder that can be read").path())
        .collect();
    files.sort();
    files.iter().map(|path| fs::read(path).expect("a file that can be read")).collect()
}

fn attempt((name, run): Target, data: &[u8], wrong: &mut Vec<String>) {
    if catch_unwind(AssertUnwindSafe(|| run(data))).is_err() {
        wrong.push(format!("{name}: {data:?}"));
    }
}

/// Changes, cuts, repeats and joins, as fuzzers do.
fn mutate(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut data = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(6) {
        let at = random.below(data.len());
        match random.below(8) {
            0 if !data.is_empty() => data[at] ^= 1 << random.below(8),
            1 if !data.is_empty() => data[at] = random.next() as u8,
            2 if data.len() >= at + 8 => data[at..at + 8].copy_from_slice(&extreme(random).to_le_bytes()),
            3 => data.truncate(at),
            4 => data.insert(at, random.next() as u8),
            5 if !data.is_empty() => drop(data.remove(at)),
            6 => {
                let other = &seeds[random.below(seeds.len())];
                data.extend_from_slice(&other[random.below(other.len())..]);
            }
            _ => {
                let end = (at + random.below(200)).min(data.len());
                let again = data[at..end].to_vec();
                data.splice(at..at, again);
            }
        }
    }
    data.truncate(LONGEST);
    data
}

fn extreme(random: &mut Random) -> u64 {
    match random.below(4) {
        0 => 1 << random.below(64),
        1 => (1_u64 << random.below(64)).wrapping_sub(1),
        2 => u64::MAX - random.below(3) as u64,
        _ => i64::MAX as u64 + random.below(3) as u64 - 1,
    }
}

#[test]
fn no_promise_is_broken_by_the_corpus_or_by_mutations_of_it() {
    let mutations = std::env::var("TICKYARD_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(3_000);
    let mut wrong = Vec::new();
    for target in TARGETS {
        let seeds = corpus(target.0);
        assert!(!seeds.is_empty(), "{} has a corpus", target.0);
        seeds.iter().for_each(|data| attempt(target, data, &mut wrong));
        attempt(target, &[], &mut wrong);
        let mut random = Random(1);
        for _ in 0..mutations {
            let data = mutate(&mut random, &seeds);
            attempt(target, &data, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{} inputs broke a promise:\n{}", wrong.len(), wrong[0]);
}
