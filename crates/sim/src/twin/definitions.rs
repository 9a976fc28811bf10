//! What the operator defines. Ids are dense, a definition said again changes nothing.

use super::told::header;
use super::{Account, Index, NOTHING, Outcome, Twin};
use crate::reader::Event;
use tickyard_types::{
    AccountDefined, AssetDefined, CommandHeader, DefineAccount, DefineAsset, DefineFeeLevel, DefineInstrument,
    EventKind, FeeLevelDefined, IndexPriceSet, InstrumentDefined, InstrumentState, Origin, Refusal, SelfTrade,
    SetIndexPrice, SetInstrumentState,
};

const INVALID: Refusal = Refusal::DefinitionInvalid;

impl Twin {
    pub(super) fn user(&self, id: u32) -> Result<Account, Refusal> {
        self.accounts.get(&id).filter(|_| id >= 16).copied().ok_or(Refusal::UnknownAccount)
    }

    pub(super) fn listing(&self, id: u32) -> Result<DefineInstrument, Refusal> {
        self.listings.get(&id).copied().ok_or(Refusal::UnknownInstrument)
    }

    pub(super) fn define_asset(&mut self, asset: &DefineAsset) -> Outcome {
        let asset = DefineAsset { header: nobody(asset.header), ..*asset };
        if self.assets.get(&asset.asset.0) == Some(&asset) {
            return Ok(NOTHING);
        }
        if asset.asset.0 as usize != self.assets.len() + 1 || ![8, 18].contains(&asset.unit_digits) {
            return Err(INVALID);
        }
        self.assets.insert(asset.asset.0, asset);
        self.told.push(Event::AssetDefined(AssetDefined {
            header: header(EventKind::AssetDefined),
            asset: asset.asset,
            unit_digits: asset.unit_digits,
            reserved: [0; 3],
            symbol: asset.symbol,
            reserved2: [0; 16],
        }));
        Ok(NOTHING)
    }

    pub(super) fn define_instrument(&mut self, listing: &DefineInstrument) -> Outcome {
        let listing = DefineInstrument { header: nobody(listing.header), ..*listing };
        if let Some(old) = self.listings.get(&listing.instrument.0) {
            let is_same = *old == DefineInstrument { state: old.state, ..listing };
            return if is_same { Ok(NOTHING) } else { Err(INVALID) };
        }
        let base = self.assets.get(&listing.base.0).ok_or(Refusal::UnknownAsset)?;
        self.assets.get(&listing.quote.0).ok_or(Refusal::UnknownAsset)?;
        let whole = 10_i128.pow(u32::from(base.unit_digits));
        if listing.base == listing.quote
            || listing.tick < 1
            || listing.lot < 1
            || listing.min_size < 1
            || listing.min_size > listing.max_limit_size
            || listing.min_price < 1
            || listing.min_price > listing.max_price
            || listing.tick * listing.lot % whole != 0
            || listing.instrument.0 as usize != self.listings.len() + 1
        {
            return Err(INVALID);
        }
        self.listings.insert(listing.instrument.0, listing);
        self.tell_listing(&listing);
        Ok(NOTHING)
    }

    pub(super) fn set_state(&mut self, set: &SetInstrumentState) -> Outcome {
        let listing = self.listings.get_mut(&set.instrument.0).ok_or(Refusal::UnknownInstrument)?;
        if listing.state != set.state && set.state == InstrumentState::Preopen {
            return Err(INVALID);
        }
        if listing.state != set.state {
            listing.state = set.state;
            let listing = *listing;
            self.tell_listing(&listing);
        }
        Ok(NOTHING)
    }

    pub(super) fn set_index_price(&mut self, set: &SetIndexPrice) -> Outcome {
        let listing = self.listing(set.instrument.0)?;
        let SetIndexPrice { price, highest_buy, lowest_sell, .. } = *set;
        let is_strange = |price| price != 0 && (price < listing.min_price || price > listing.max_price);
        if is_strange(price) || is_strange(highest_buy) || is_strange(lowest_sell) {
            return Err(Refusal::PriceOutOfBounds);
        }
        if highest_buy != 0 && lowest_sell > highest_buy {
            return Err(Refusal::PriceOutOfBounds);
        }
        let index = Index { price, highest_buy, lowest_sell };
        if index != self.indices.insert(set.instrument.0, index).unwrap_or_default() {
            self.told.push(Event::IndexPriceSet(IndexPriceSet {
                header: header(EventKind::IndexPriceSet),
                instrument: set.instrument,
                reserved: [0; 4],
                price,
                highest_buy,
                lowest_sell,
            }));
        }
        Ok(NOTHING)
    }

    pub(super) fn define_account(&mut self, define: &DefineAccount) -> Outcome {
        let (id, master) = (define.header.account.0, define.master.0);
        // The house's numbers and the world outside are there from the start.
        let is_new = id as usize == self.accounts.len() + 2;
        let is_master = is_new && master == id || self.user(master).is_ok_and(|account| account.master == master);
        if !is_master || define.self_trade == SelfTrade::AccountDefault || !self.levels.contains_key(&define.fee_level)
        {
            return Err(INVALID);
        }
        if !is_new && self.user(id).map_err(|_| INVALID)?.master != master {
            return Err(INVALID);
        }
        let DefineAccount { fee_level, self_trade, .. } = *define;
        let account = Account { master, fee_level, stp: self_trade };
        if self.accounts.insert(id, account) != Some(account) {
            self.told.push(Event::AccountDefined(AccountDefined {
                header: header(EventKind::AccountDefined),
                account: define.header.account,
                master: define.master,
                fee_level,
                self_trade,
                reserved: [0; 6],
            }));
        }
        Ok(NOTHING)
    }

    pub(super) fn define_fee_level(&mut self, define: &DefineFeeLevel) -> Outcome {
        let (maker, taker) = (define.maker_ppb, define.taker_ppb);
        if !(0..=1_000_000_000).contains(&taker) || !(-taker..=1_000_000_000).contains(&maker) {
            return Err(INVALID);
        }
        if self.levels.insert(define.level, (maker, taker)) != Some((maker, taker)) {
            self.told.push(Event::FeeLevelDefined(FeeLevelDefined {
                header: header(EventKind::FeeLevelDefined),
                maker_ppb: maker,
                taker_ppb: taker,
                level: define.level,
                reserved: [0; 7],
            }));
        }
        Ok(NOTHING)
    }

    fn tell_listing(&mut self, listing: &DefineInstrument) {
        self.told.push(Event::InstrumentDefined(InstrumentDefined {
            header: header(EventKind::InstrumentDefined),
            instrument: listing.instrument,
            base: listing.base,
            tick: listing.tick,
            lot: listing.lot,
            quote: listing.quote,
            state: listing.state,
            reserved: [0; 3],
            min_size: listing.min_size,
            max_limit_size: listing.max_limit_size,
            max_market_size: listing.max_market_size,
            max_market_amount: listing.max_market_amount,
            min_price: listing.min_price,
            max_price: listing.max_price,
            symbol: listing.symbol,
            reserved2: [0; 40],
        }));
    }
}

/// A definition is the same whoever sent it.
const fn nobody(header: CommandHeader) -> CommandHeader {
    CommandHeader { origin: Origin { boot: 0, counter: 0 }, ..header }
}
