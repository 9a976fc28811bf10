/** Why a draft cannot be sent, and what is good to know when it can. */
import type { Level } from "@/api/types";
import { type Decimal, decimal, isWhole, placesOf, shown, typed, ZERO } from "@/lib/decimal";
import { type Draft, waits } from "./draft";
import { crosses, type Estimate } from "./estimate";
import { type Facts, quotePlaces } from "./facts";
import { priceReason } from "./priceReason";
import { attachedReason, triggerReason } from "./triggers";

export function reasonAgainst(
  draft: Draft,
  facts: Facts,
  estimate: Estimate | null,
): string | null {
  const { pair, free, isLive, isLost, isLoggedIn, last } = facts;
  if (!isLoggedIn) return "Log in to trade.";
  if (isLost) return "The connection is lost. You can trade again when it is back.";
  if (!isLive) return "Connecting to the exchange …";
  if (pair.state !== "live") return "This market does not trade at the moment.";
  const wrongPrice = waits(draft.kind)
    ? triggerReason(draft, pair, last)
    : draft.kind === "market"
      ? null
      : priceReason("price", draft.price, pair);
  if (wrongPrice) return wrongPrice;
  const wrongAmount = amountReason(draft, facts, estimate);
  if (wrongAmount) return wrongAmount;
  // What waits for a price holds no money.
  if (waits(draft.kind)) return null;
  if (!free) return "Your balance is on its way.";
  return missing(draft, facts, estimate) ?? attachedReason(draft, pair, last);
}

function amountReason(draft: Draft, facts: Facts, estimate: Estimate | null): string | null {
  const { pair, isBookHere } = facts;
  const { baseCcy, quoteCcy, lotSz, minSz } = pair;
  if (!draft.quantity) return "Enter an amount.";
  if (!typed(draft.quantity)?.gt(0)) return "The amount is not a number above zero.";
  if (!estimate && !isBookHere) return "The order book is on its way.";
  if (!estimate) return `Nobody ${draft.side === "buy" ? "sells" : "buys"} at the moment.`;
  const { amount, total } = estimate;
  const isMarket = draft.kind === "market";
  if (draft.by === "amount" && !isWhole(amount, lotSz)) {
    return `The amount must be a multiple of ${lotSz} ${baseCcy}.`;
  }
  if (amount.lt(minSz)) return `The smallest order is ${minSz} ${baseCcy}.`;
  if (!isMarket && amount.gt(pair.maxLmtSz)) {
    return `The largest order is ${shown(amountOf(pair.maxLmtSz), 0)} ${baseCcy}.`;
  }
  if (isMarket && total.gt(pair.maxMktAmt)) {
    return `The largest market order is ${shown(amountOf(pair.maxMktAmt), 0)} ${quoteCcy}.`;
  }
  return null;
}

/** What is needed and not there; null when there is enough. */
function missing({ side }: Draft, { pair, free }: Facts, estimate: Estimate | null): string | null {
  if (!free || !estimate) return null;
  const { amount, total } = estimate;
  const places = quotePlaces(pair);
  if (side === "buy" && total.gt(free.quote)) {
    return `This needs ${shown(total, places)} ${pair.quoteCcy}. You have ${shown(free.quote, places)}.`;
  }
  if (side === "sell" && amount.gt(free.base)) {
    return `This needs ${amount.toFixed()} ${pair.baseCcy}. You have ${shown(free.base, placesOf(pair.lotSz))}.`;
  }
  return null;
}

function amountOf(text: string): Decimal {
  return decimal(text) ?? ZERO;
}

export function warningAbout(draft: Draft, facts: Facts, estimate: Estimate): string | null {
  if (waits(draft.kind)) {
    const lack = missing(draft, facts, estimate);
    return lack ? `${lack} Be sure to have it when it fires.` : "No money is held until it fires.";
  }
  const price = typed(draft.price);
  const levels = draft.side === "buy" ? facts.asks : facts.bids;
  if (draft.kind === "market" || !price) return null;
  const isCrossing = crosses(draft, price, levels);
  if (draft.kind === "post_only" && isCrossing) {
    return "At this price it would trade at once: the exchange cancels a post-only order that would.";
  }
  if (draft.kind === "ioc" && !isCrossing) {
    return "At this price nothing trades now: the exchange cancels the order at once.";
  }
  if (draft.kind === "fok" && within(draft, price, levels).lt(estimate.amount)) {
    return "The book shows less than that at this price: the exchange may cancel the order.";
  }
  return null;
}

/** How much the book shows at a price or better. */
function within(draft: Draft, price: Decimal, levels: readonly Level[]): Decimal {
  return levels
    .filter(([at]) => (draft.side === "buy" ? price.gte(at) : price.lte(at)))
    .reduce((sum, [, size]) => sum.plus(size), ZERO);
}
