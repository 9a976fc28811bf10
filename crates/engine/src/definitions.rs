//! What the operator defines: assets, instruments and their states, accounts, fee levels.

use crate::account::Account;
use crate::engine::{Answer, market_index};
use crate::market::{Market, notional};
use crate::{Engine, EventBuffer, shape};
use tickyard_ledger::rounding::PPB;
use tickyard_types::{
    AccountDefined, AccountId, AssetDefined, AssetId, CommandHeader, DefineAccount, DefineAsset, DefineFeeLevel,
    DefineInstrument, EventHeader, EventKind, FeeLevelDefined, InstrumentDefined, InstrumentId, InstrumentState,
    Origin, Refusal, SelfTrade, SetInstrumentState,
};

/// Everything that an order may move, in units of an asset, is below this. See [`tickyard_ledger::MAX_SUPPLY`].
const MAX_AMOUNT: i128 = tickyard_ledger::MAX_SUPPLY;

/// The rates of one row of the fee table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FeeLevel {
    pub maker_ppb: i64,
    pub taker_ppb: i64,
}

impl Engine {
    /// Lists an asset.
    pub(crate) fn define_asset(&mut self, asset: &DefineAsset, events: &mut EventBuffer) -> Result<Answer, Refusal> {
        let checked = self.checked(&asset.header, |engine| engine.check_asset(asset))?;
        let Some(asset) = checked else { return Ok(Answer::default()) };
        self.ledger.add_asset(asset.asset);
        self.assets.push(asset);
        let header = events.header(EventKind::AssetDefined);
        events.push(&asset_defined(header, &asset));
        Ok(Answer::default())
    }

    /// The asset as it is listed; `None` when it is, in these words.
    fn check_asset(&self, asset: &DefineAsset) -> Result<Option<DefineAsset>, Refusal> {
        shape::define_asset(asset)?;
        let asset = DefineAsset { header: of_nobody(asset.header), ..*asset };
        if self.assets.get((asset.asset.0 as usize).wrapping_sub(1)) == Some(&asset) {
            return Ok(None);
        }
        let is_next = asset.asset.0 as usize == self.assets.len() + 1;
        let is_named_already = self.assets.iter().any(|other| other.symbol == asset.symbol);
        if !is_next || is_named_already || !matches!(asset.unit_digits, 8 | 18) {
            return Err(Refusal::DefinitionInvalid);
        }
        Ok(Some(asset))
    }

    /// Lists an instrument.
    pub(crate) fn define_instrument(
        &mut self,
        listing: &DefineInstrument,
        events: &mut EventBuffer,
    ) -> Result<Answer, Refusal> {
        let checked = self.checked(&listing.header, |engine| engine.check_listing(listing))?;
        let Some((listing, unit)) = checked else { return Ok(Answer::default()) };
        self.markets.push(Market::new(listing, unit));
        self.tell_instrument(listing.instrument, events);
        Ok(Answer::default())
    }

    /// The listing, and quote units per notional unit; `None` when it is listed in these words.
    fn check_listing(&self, listing: &DefineInstrument) -> Result<Option<(DefineInstrument, i128)>, Refusal> {
        shape::define_instrument(listing)?;
        let listing = DefineInstrument { header: of_nobody(listing.header), ..*listing };
        if let Ok(market) = self.market(listing.instrument) {
            // The state may have changed since; it is not part of what the listing says for ever.
            let is_same = market.listing == DefineInstrument { state: market.listing.state, ..listing };
            return if is_same { Ok(None) } else { Err(Refusal::DefinitionInvalid) };
        }
        let unit = self.listing_unit(&listing)?;
        let is_next = listing.instrument.0 as usize == self.markets.len() + 1;
        if !is_next || self.markets.iter().any(|other| other.listing.symbol == listing.symbol) {
            return Err(Refusal::DefinitionInvalid);
        }
        Ok(Some((listing, unit)))
    }

    /// The rules that a listing obeys, so that later arithmetic is exact and cannot overflow.
    ///
    /// Returns quote units per notional unit.
    pub(crate) fn listing_unit(&self, listing: &DefineInstrument) -> Result<i128, Refusal> {
        let base_digits = self.asset(listing.base)?.unit_digits;
        self.asset(listing.quote)?;
        let is_ordered = 1 <= listing.min_size
            && listing.min_size <= listing.max_limit_size
            && listing.min_size <= listing.max_market_size
            && 1 <= listing.max_market_amount
            && 1 <= listing.min_price
            && listing.min_price <= listing.max_price;
        if listing.base == listing.quote || listing.tick < 1 || listing.lot < 1 || !is_ordered {
            return Err(Refusal::DefinitionInvalid);
        }
        let whole = 10_i128.pow(u32::from(base_digits));
        let unit = listing.tick.checked_mul(listing.lot).filter(|product| product % whole == 0).map(|p| p / whole);
        let unit = unit.ok_or(Refusal::DefinitionInvalid)?;
        let largest = listing.max_limit_size.max(listing.max_market_size);
        let fits = |amount: i128, unit: i128| amount.checked_mul(unit).is_some_and(|product| product < MAX_AMOUNT);
        let is_bounded = fits(notional(listing.max_price, largest), unit)
            && fits(i128::from(listing.max_market_amount), unit)
            && fits(i128::from(largest), listing.lot);
        if is_bounded { Ok(unit) } else { Err(Refusal::DefinitionInvalid) }
    }

    /// Opens, halts or resumes an instrument. Nothing goes back to before its opening.
    pub(crate) fn set_instrument_state(
        &mut self,
        set: &SetInstrumentState,
        events: &mut EventBuffer,
    ) -> Result<Answer, Refusal> {
        let state = self.checked(&set.header, |engine| {
            shape::set_instrument_state(set)?;
            let state = engine.market(set.instrument)?.state;
            let goes_back = set.state == InstrumentState::Preopen && state != set.state;
            if goes_back { Err(Refusal::DefinitionInvalid) } else { Ok(state) }
        })?;
        if state == set.state {
            return Ok(Answer::default());
        }

        self.markets[market_index(set.instrument)].state = set.state;
        self.tell_instrument(set.instrument, events);
        Ok(Answer::default())
    }

    /// Opens an account or changes its settings.
    pub(crate) fn define_account(
        &mut self,
        define: &DefineAccount,
        events: &mut EventBuffer,
    ) -> Result<Answer, Refusal> {
        let id = define.header.account;
        if !self.checked(&define.header, |engine| engine.check_account(define))? {
            return Ok(Answer::default());
        }

        if id.0 == self.accounts.len() {
            self.accounts.push(Account::new(define.master, define.fee_level, define.self_trade));
            self.ledger.add_account(id);
        }
        let account = &mut self.accounts[id];
        (account.fee_level, account.self_trade) = (define.fee_level, define.self_trade);
        self.touch_account(id);
        let header = events.header(EventKind::AccountDefined);
        events.push(&account_defined(header, id, &self.accounts[id]));
        Ok(Answer::default())
    }

    /// Whether the definition says anything new.
    fn check_account(&self, define: &DefineAccount) -> Result<bool, Refusal> {
        shape::define_account(define)?;
        let id = define.header.account;
        let is_new = id.0 == self.accounts.len();
        let is_master = if is_new && define.master == id {
            true
        } else {
            self.accounts.user(define.master).is_ok_and(|master| master.master == define.master)
        };
        let is_settled = define.self_trade != SelfTrade::AccountDefault && self.fee_level(define.fee_level).is_some();
        if !is_master || !is_settled {
            return Err(Refusal::DefinitionInvalid);
        }
        if !is_new {
            let account = self.accounts.user(id).map_err(|_| Refusal::DefinitionInvalid)?;
            if account.master != define.master {
                return Err(Refusal::DefinitionInvalid);
            }
            return Ok((account.fee_level, account.self_trade) != (define.fee_level, define.self_trade));
        }
        Ok(true)
    }

    /// Sets a row of the fee table.
    pub(crate) fn define_fee_level(
        &mut self,
        define: &DefineFeeLevel,
        events: &mut EventBuffer,
    ) -> Result<Answer, Refusal> {
        let level = FeeLevel { maker_ppb: define.maker_ppb, taker_ppb: define.taker_ppb };
        self.checked(&define.header, |_| {
            shape::define_fee_level(define)?;
            if level.is_sound() { Ok(()) } else { Err(Refusal::DefinitionInvalid) }
        })?;
        let row = &mut self.fee_levels[usize::from(define.level)];
        if *row == Some(level) {
            return Ok(Answer::default());
        }

        *row = Some(level);
        let header = events.header(EventKind::FeeLevelDefined);
        events.push(&fee_level_defined(header, define.level, level));
        Ok(Answer::default())
    }

    /// A row of the fee table.
    pub(crate) fn fee_level(&self, level: u8) -> Option<FeeLevel> {
        self.fee_levels[usize::from(level)]
    }

    /// The rates of an account.
    pub(crate) fn rates(&self, account: &Account) -> FeeLevel {
        self.fee_level(account.fee_level).expect("Invariant: an account's fee level is defined")
    }

    /// An asset that is listed.
    pub(crate) fn asset(&self, asset: AssetId) -> Result<&DefineAsset, Refusal> {
        let index = (asset.0 as usize).checked_sub(1).ok_or(Refusal::UnknownAsset)?;
        self.assets.get(index).ok_or(Refusal::UnknownAsset)
    }

    fn tell_instrument(&self, instrument: InstrumentId, events: &mut EventBuffer) {
        let header = events.header(EventKind::InstrumentDefined);
        events.push(&instrument_defined(header, &self.markets[market_index(instrument)]));
    }
}

impl FeeLevel {
    /// Rates lie within the whole, nobody is paid for taking, and a rebate is covered by the taker's fee.
    pub(crate) fn is_sound(self) -> bool {
        (0..=PPB).contains(&self.taker_ppb) && (-self.taker_ppb..=PPB).contains(&self.maker_ppb)
    }
}

/// An asset as it is told.
pub(crate) const fn asset_defined(header: EventHeader, asset: &DefineAsset) -> AssetDefined {
    let DefineAsset { asset, unit_digits, symbol, .. } = *asset;
    AssetDefined { header, asset, unit_digits, reserved: [0; 3], symbol, reserved2: [0; 16] }
}

/// An account as it is told.
pub(crate) const fn account_defined(header: EventHeader, id: AccountId, account: &Account) -> AccountDefined {
    let Account { master, fee_level, self_trade, .. } = *account;
    AccountDefined { header, account: id, master, fee_level, self_trade, reserved: [0; 6] }
}

/// A row of the fee table as it is told.
pub(crate) const fn fee_level_defined(header: EventHeader, level: u8, rates: FeeLevel) -> FeeLevelDefined {
    let FeeLevel { maker_ppb, taker_ppb } = rates;
    FeeLevelDefined { header, maker_ppb, taker_ppb, level, reserved: [0; 7] }
}

/// An instrument as it is told.
pub(crate) const fn instrument_defined(header: EventHeader, market: &Market) -> InstrumentDefined {
    let listing = &market.listing;
    InstrumentDefined {
        header,
        instrument: listing.instrument,
        base: listing.base,
        tick: listing.tick,
        lot: listing.lot,
        quote: listing.quote,
        state: market.state,
        reserved: [0; 3],
        min_size: listing.min_size,
        max_limit_size: listing.max_limit_size,
        max_market_size: listing.max_market_size,
        max_market_amount: listing.max_market_amount,
        min_price: listing.min_price,
        max_price: listing.max_price,
        symbol: listing.symbol,
        reserved2: [0; 40],
    }
}

/// A definition is the same whoever sent it.
const fn of_nobody(header: CommandHeader) -> CommandHeader {
    CommandHeader { origin: Origin { boot: 0, counter: 0 }, ..header }
}
