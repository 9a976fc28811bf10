/** What would become of a draft: the order to send, what it costs, or a plain reason why it cannot be sent. */
import type { OrderWish } from "@/api/trading";
import type { Instrument, Level } from "@/api/types";
import {
  type Decimal,
  decimal,
  floorTo,
  isWhole,
  placesOf,
  shown,
  typed,
  ZERO,
} from "@/lib/decimal";
import type { Draft } from "./draft";

/** What the browser knows when the ticket is judged. */
export interface Facts {
  pair: Instrument;
  /** What can be spent; null when it is not known. */
  free: { base: Decimal; quote: Decimal } | null;
  /** Rates as parts of one, above zero when they are charged; null when they are not known. */
  fees: { maker: Decimal; taker: Decimal } | null;
  asks: readonly Level[];
  bids: readonly Level[];
  isLoggedIn: boolean;
  isLive: boolean;
}

export interface Estimate {
  amount: Decimal;
  total: Decimal;
  /** Per unit of base money, on average. */
  price: Decimal;
  /** Whether it would trade at once, at least in part. */
  isTaker: boolean;
  fee: { rate: Decimal; amount: Decimal; asset: string } | null;
}

export interface Plan {
  order: OrderWish | null;
  estimate: Estimate | null;
  /** Why it cannot be sent. */
  reason: string | null;
  /** What it is good to know before it is sent. */
  warning: string | null;
}

/** Places to which quote money is typed and shown. */
export function quotePlaces(pair: Instrument): number {
  return pair.quoteCcy.startsWith("USD") ? 2 : 8;
}

export function plan(draft: Draft, facts: Facts): Plan {
  const estimate = estimated(draft, facts);
  const reason = reasonAgainst(draft, facts, estimate);
  return {
    estimate,
    reason,
    order: reason === null && estimate ? wish(draft, facts.pair, estimate) : null,
    warning: reason === null && estimate ? warningAbout(draft, facts, estimate) : null,
  };
}

/** The text of the field that was not typed. */
export function other({ by }: Draft, estimate: Estimate | null, pair: Instrument): string {
  if (!estimate) return "";
  return by === "amount" ? estimate.total.toFixed(quotePlaces(pair), 3) : estimate.amount.toFixed();
}

/** A draft with so many percent of what there is to spend. */
export function portion(draft: Draft, { free, pair }: Facts, percent: number): Partial<Draft> {
  if (!free) return {};
  const part = (all: Decimal) => all.times(percent).div(100);
  if (draft.side === "sell") {
    return { by: "amount", quantity: floorTo(part(free.base), pair.lotSz).toFixed() };
  }
  const total = part(free.quote).toFixed(quotePlaces(pair), 0);
  const price = typed(draft.price);
  if (draft.kind === "market" || !price?.gt(0)) return { by: "total", quantity: total };
  return { by: "amount", quantity: floorTo(part(free.quote).div(price), pair.lotSz).toFixed() };
}

/** How many percent of what there is to spend a draft takes: 0 to 100. */
export function share(draft: Draft, { free }: Facts, estimate: Estimate | null): number {
  const all = draft.side === "buy" ? free?.quote : free?.base;
  const taken = draft.side === "buy" ? estimate?.total : estimate?.amount;
  if (!all?.gt(0) || !taken) return 0;
  return Math.min(100, Number(taken.div(all).times(100).toFixed(0)));
}

function estimated(draft: Draft, facts: Facts): Estimate | null {
  const quantity = typed(draft.quantity);
  if (!quantity?.gt(0)) return null;
  const { pair, fees, asks, bids } = facts;
  const levels = draft.side === "buy" ? asks : bids;
  let amount: Decimal;
  let total: Decimal;
  let isTaker = true;
  if (draft.kind === "market") {
    const walked = walk(levels, quantity, draft.by);
    if (!walked) return null;
    amount = draft.by === "amount" ? quantity : floorTo(walked.amount, pair.lotSz);
    total = draft.by === "amount" ? walked.total : quantity;
  } else {
    const price = typed(draft.price);
    if (!price?.gt(0)) return null;
    amount = draft.by === "amount" ? quantity : floorTo(quantity.div(price), pair.lotSz);
    total = amount.times(price);
    isTaker = crosses(draft, price, levels) && draft.kind !== "post_only";
  }
  const price = amount.gt(0) ? total.div(amount) : ZERO;
  const rate = fees && (isTaker ? fees.taker : fees.maker);
  const fee = rate && {
    rate,
    // A fee is taken from what one receives.
    amount: (draft.side === "buy" ? amount : total).times(rate),
    asset: draft.side === "buy" ? pair.baseCcy : pair.quoteCcy,
  };
  return { amount, total, price, isTaker, fee };
}

function crosses(draft: Draft, price: Decimal, levels: readonly Level[]): boolean {
  const best = decimal(levels[0]?.[0]);
  if (!best) return false;
  return draft.side === "buy" ? price.gte(best) : price.lte(best);
}

/** What the book gives for an amount, or for a total; for more than it shows, at its last price. */
function walk(levels: readonly Level[], quantity: Decimal, by: Draft["by"]) {
  let left = quantity;
  let amount = ZERO;
  let total = ZERO;
  for (const [n, [priceText, sizeText]] of levels.entries()) {
    const price = decimal(priceText) ?? ZERO;
    const size = decimal(sizeText) ?? ZERO;
    const wanted = by === "amount" ? left : left.div(price);
    const isLast = n === levels.length - 1;
    const taken = wanted.lt(size) || isLast ? wanted : size;
    amount = amount.plus(taken);
    total = total.plus(taken.times(price));
    left = left.minus(by === "amount" ? taken : taken.times(price));
    if (taken === wanted) return { amount, total };
  }
  return null;
}

function reasonAgainst(draft: Draft, facts: Facts, estimate: Estimate | null): string | null {
  const { pair, free, isLive, isLoggedIn } = facts;
  const { baseCcy, quoteCcy, tickSz, lotSz, minSz } = pair;
  const isMarket = draft.kind === "market";
  if (!isLoggedIn) return "Log in to trade.";
  if (!isLive) return "The connection is lost. You can trade again when it is back.";
  if (pair.state !== "live") return "This market does not trade at the moment.";
  if (!isMarket) {
    const price = typed(draft.price);
    if (!draft.price) return "Enter a price.";
    if (!price?.gt(0)) return "The price is not a number above zero.";
    if (!isWhole(price, tickSz)) return `The price must be a multiple of ${tickSz} ${quoteCcy}.`;
  }
  if (!draft.quantity) return "Enter an amount.";
  const quantity = typed(draft.quantity);
  if (!quantity?.gt(0)) return "The amount is not a number above zero.";
  if (!estimate) return `Nobody ${draft.side === "buy" ? "sells" : "buys"} at the moment.`;
  const { amount, total } = estimate;
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
  if (!free) return "Your balance is on its way.";
  if (draft.side === "buy" && total.gt(free.quote)) {
    return `This needs ${shown(total, quotePlaces(pair))} ${quoteCcy}. You have ${shown(free.quote, quotePlaces(pair))}.`;
  }
  if (draft.side === "sell" && amount.gt(free.base)) {
    return `This needs ${amount.toFixed()} ${baseCcy}. You have ${shown(free.base, placesOf(lotSz))}.`;
  }
  return null;
}

function amountOf(text: string): Decimal {
  return decimal(text) ?? ZERO;
}

function warningAbout(draft: Draft, facts: Facts, { amount }: Estimate): string | null {
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
  if (draft.kind === "fok" && within(draft, price, levels).lt(amount)) {
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

function wish(draft: Draft, pair: Instrument, estimate: Estimate): OrderWish {
  const { side, kind, by } = draft;
  const common = { instId: pair.instId, tdMode: "cash", side, ordType: kind } as const;
  if (kind === "market") {
    return by === "amount"
      ? { ...common, sz: estimate.amount.toFixed(), tgtCcy: "base_ccy" }
      : { ...common, sz: estimate.total.toFixed(), tgtCcy: "quote_ccy" };
  }
  return { ...common, sz: estimate.amount.toFixed(), px: typed(draft.price)?.toFixed() ?? "" };
}
