//! Keys of movements: each moves once, for ever.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use tickyard_types::{AccountId, AssetId, Key, PostingReason, Wallet};

/// A movement of money from one wallet to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// How much, in the asset's unit; positive.
    pub amount: i128,
    /// Of what.
    pub asset: AssetId,
    /// From whom.
    pub from: AccountId,
    /// To whom.
    pub to: AccountId,
    /// Out of which wallet.
    pub from_wallet: Wallet,
    /// Into which wallet.
    pub to_wallet: Wallet,
    /// Why.
    pub reason: PostingReason,
}

/// What a key was used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyUse {
    /// Nothing yet.
    Unused,
    /// This very movement: it is done already.
    Same,
    /// Another movement.
    Different,
}

/// Every key that was ever used, in the order of use.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    used: Vec<(Key, Movement)>,
    /// Positions in `used`, found by the key. Never iterated.
    index: HashTable<u32>,
}

impl Keys {
    /// What a key was used for.
    #[must_use]
    pub fn look_up(&self, key: &Key, movement: &Movement) -> KeyUse {
        match self.position(key) {
            None => KeyUse::Unused,
            Some(at) if self.used[at].1 == *movement => KeyUse::Same,
            Some(_) => KeyUse::Different,
        }
    }

    /// Whether a key was used.
    #[must_use]
    pub fn contains(&self, key: &Key) -> bool {
        self.position(key).is_some()
    }

    /// Remembers a key for ever.
    ///
    /// # Panics
    /// When the key was used before.
    pub fn remember(&mut self, key: Key, movement: Movement) {
        assert!(self.restore(key, movement), "Invariant: a key moves money once");
    }

    /// Remembers a key of a snapshot; false when it is there already.
    pub fn restore(&mut self, key: Key, movement: Movement) -> bool {
        let at = u32::try_from(self.used.len()).expect("Invariant: fewer than 2^32 keys");
        let Self { used, index } = self;
        let entry = index.entry(hash(&key), |&at| used[at as usize].0 == key, |&at| hash(&used[at as usize].0));
        let Entry::Vacant(vacant) = entry else { return false };
        vacant.insert(at);
        used.push((key, movement));
        true
    }

    /// Makes room for so many more keys.
    pub fn reserve(&mut self, more: usize) {
        self.used.reserve_exact(more);
        let used = &self.used;
        self.index.reserve(more, |&at| hash(&used[at as usize].0));
    }

    /// Every key with its movement, in the order of use.
    #[must_use]
    pub fn all(&self) -> &[(Key, Movement)] {
        &self.used
    }

    fn position(&self, key: &Key) -> Option<usize> {
        self.index.find(hash(key), |&at| self.used[at as usize].0 == *key).map(|&at| at as usize)
    }
}

/// Mixes both halves of a key into 64 bits. Fixed, so that memory behaves the same in every run.
fn hash(key: &Key) -> u64 {
    let key = u128::from_le_bytes(*key) ^ 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c834;
    let product = u128::from(key as u64 | 1) * u128::from((key >> 64) as u64 | 1);
    (product as u64 ^ (product >> 64) as u64).rotate_left(29) ^ (key as u64) ^ (key >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOVEMENT: Movement = Movement {
        amount: 5,
        asset: AssetId(1),
        from: AccountId(16),
        to: AccountId(17),
        from_wallet: Wallet::Funding,
        to_wallet: Wallet::Trading,
        reason: PostingReason::Transfer,
    };

    #[test]
    fn key_names_one_movement_for_ever() {
        let mut keys = Keys::default();
        assert_eq!(keys.look_up(&[7; 16], &MOVEMENT), KeyUse::Unused);
        keys.remember([7; 16], MOVEMENT);
        assert_eq!(keys.look_up(&[7; 16], &MOVEMENT), KeyUse::Same);
        assert_eq!(keys.look_up(&[7; 16], &Movement { amount: 6, ..MOVEMENT }), KeyUse::Different);
        assert_eq!(keys.look_up(&[8; 16], &MOVEMENT), KeyUse::Unused);
    }

    #[test]
    fn all_keys_are_found_after_growth() {
        let mut keys = Keys::default();
        for n in 0_u128..10_000 {
            keys.remember(n.to_le_bytes(), MOVEMENT);
        }
        assert!((0_u128..10_000).all(|n| keys.contains(&n.to_le_bytes())));
        assert!(!keys.contains(&10_000_u128.to_le_bytes()));
    }
}
