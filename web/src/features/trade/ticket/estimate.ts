/** What a draft would cost, and at which price it would trade. */
import type { Level } from "@/api/types";
import { type Decimal, decimal, floorTo, typed, ZERO } from "@/lib/decimal";
import { type Draft, waits } from "./draft";
import type { Facts } from "./facts";
import { expectedPrice } from "./triggers";

export interface Estimate {
  amount: Decimal;
  total: Decimal;
  /** Per unit of base money, on average. */
  price: Decimal;
  /** Whether it would trade at once, at least in part. */
  isTaker: boolean;
  fee: { rate: Decimal; amount: Decimal; asset: string } | null;
}

/** The price of a draft as far as it says one; null for the best in the book, or while it is not written. */
export function priceOf(draft: Draft, facts: Facts): Decimal | null {
  if (draft.kind === "market") return null;
  const price = waits(draft.kind) ? expectedPrice(draft, facts.last) : typed(draft.price);
  return price?.gt(0) ? price : null;
}

export function estimated(draft: Draft, facts: Facts): Estimate | null {
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
    const price = priceOf(draft, facts);
    if (!price) return null;
    amount = draft.by === "amount" ? quantity : floorTo(quantity.div(price), pair.lotSz);
    total = amount.times(price);
    // What waits may take or make; the estimate is the dearer one.
    isTaker = waits(draft.kind) || (crosses(draft, price, levels) && draft.kind !== "post_only");
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

export function crosses(draft: Draft, price: Decimal, levels: readonly Level[]): boolean {
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
