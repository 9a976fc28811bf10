//! The rules of the exchange, one test each, named by the rule.

mod amending;
mod attaching;
mod canceling;
mod definitions;
mod exactly_once;
mod fees;
mod index_prices;
mod matching;
mod money;
mod paying;
mod placing;
mod self_trade;
mod snapshots;
mod telling;
mod timers;
mod triggers;
