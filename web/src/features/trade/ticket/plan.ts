/** What would become of a draft: the order to send, what it costs, or a plain reason why it cannot be sent. */
import type { OrderWish, TriggerWish } from "@/api/trading";
import type { Instrument, Legs, OrderKind } from "@/api/types";
import { type Decimal, floorTo, typed } from "@/lib/decimal";
import { type Draft, waits } from "./draft";
import { type Estimate, estimated, priceOf } from "./estimate";
import { type Facts, quotePlaces } from "./facts";
import { reasonAgainst, warningAbout } from "./reasons";
import { legs, triggerWish } from "./triggers";

export interface Plan {
  order: OrderWish | null;
  /** Instead of an order, one that waits for a price. */
  trigger: TriggerWish | null;
  estimate: Estimate | null;
  /** Why it cannot be sent. */
  reason: string | null;
  /** What it is good to know before it is sent. */
  warning: string | null;
}

export function plan(draft: Draft, facts: Facts): Plan {
  const estimate = estimated(draft, facts);
  const reason = reasonAgainst(draft, facts, estimate);
  const { kind } = draft;
  if (reason !== null || !estimate) {
    return { estimate, reason, order: null, trigger: null, warning: null };
  }
  return {
    estimate,
    reason,
    order: waits(kind) ? null : wish(draft, kind, facts.pair, estimate),
    trigger: waits(kind) ? triggerWish(draft, facts.pair, estimate.amount) : null,
    warning: warningAbout(draft, facts, estimate),
  };
}

/** The text of the field that was not typed. */
export function other({ by }: Draft, estimate: Estimate | null, pair: Instrument): string {
  if (!estimate) return "";
  return by === "amount" ? estimate.total.toFixed(quotePlaces(pair), 3) : estimate.amount.toFixed();
}

/** A draft with so many percent of what there is to spend. */
export function portion(draft: Draft, facts: Facts, percent: number): Partial<Draft> {
  const { free, pair } = facts;
  if (!free) return {};
  const part = (all: Decimal) => all.times(percent).div(100);
  if (draft.side === "sell") {
    return { by: "amount", quantity: floorTo(part(free.base), pair.lotSz).toFixed() };
  }
  const price = priceOf(draft, facts);
  if (!price) return { by: "total", quantity: part(free.quote).toFixed(quotePlaces(pair), 0) };
  return { by: "amount", quantity: floorTo(part(free.quote).div(price), pair.lotSz).toFixed() };
}

/** How many percent of what there is to spend a draft takes: 0 to 100. */
export function share(draft: Draft, { free }: Facts, estimate: Estimate | null): number {
  const all = draft.side === "buy" ? free?.quote : free?.base;
  const taken = draft.side === "buy" ? estimate?.total : estimate?.amount;
  if (!all?.gt(0) || !taken) return 0;
  return Math.min(100, Number(taken.div(all).times(100).toFixed(0)));
}

function wish(draft: Draft, kind: OrderKind, pair: Instrument, estimate: Estimate): OrderWish {
  const common = {
    instId: pair.instId,
    tdMode: "cash",
    side: draft.side,
    ordType: kind,
    ...(draft.hasLegs && { attachAlgoOrds: [legs(draft)] as [Partial<Legs>] }),
  } as const;
  if (kind === "market") {
    return draft.by === "amount"
      ? { ...common, sz: estimate.amount.toFixed(), tgtCcy: "base_ccy" }
      : { ...common, sz: estimate.total.toFixed(), tgtCcy: "quote_ccy" };
  }
  return { ...common, sz: estimate.amount.toFixed(), px: typed(draft.price)?.toFixed() ?? "" };
}
