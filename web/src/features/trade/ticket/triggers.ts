/** Orders that wait for a price: what they would trade at, what is wrong with them, and how they are sent. */
import type { TriggerWish } from "@/api/trading";
import type { Instrument, Legs } from "@/api/types";
import { type Decimal, decimal, placesOf, shown, typed } from "@/lib/decimal";
import type { Draft, LegTexts } from "./draft";
import { priceReason } from "./priceReason";

const MARKET = "-1";
const LEAST_PERCENT = "0.1";
const MOST_PERCENT = "100";

const canonical = (text: string) => typed(text)?.toFixed() ?? "";

/** Where it would trade: its own price, or the one that it waits for. Of two, the dearer for whoever sends it. */
export function expectedPrice(draft: Draft, last: Decimal | null): Decimal | null {
  switch (draft.kind) {
    case "trigger":
      return typed(draft.price || draft.triggerAt);
    case "tp_sl": {
      const [first, second] = [
        draft.takeAt && typed(draft.takePrice || draft.takeAt),
        draft.stopAt && typed(draft.stopPrice || draft.stopAt),
      ].filter((price) => price !== "");
      if (!first || !second) return first ?? second ?? null;
      return first.gt(second) === (draft.side === "buy") ? first : second;
    }
    case "trailing": {
      const from = draft.activeAt ? typed(draft.activeAt) : last;
      const distance = typed(draft.distance);
      if (!from || !distance) return null;
      const away = draft.distanceIn === "price" ? distance : from.times(distance).div(100);
      return draft.side === "buy" ? from.plus(away) : from.minus(away);
    }
    default:
      return null;
  }
}

/** Why the prices that a draft waits for cannot be sent; null when they can. */
export function triggerReason(draft: Draft, pair: Instrument, last: Decimal | null) {
  if (!last && draft.kind !== "tp_sl")
    return "Nothing has traded here yet, so no price can be compared.";
  switch (draft.kind) {
    case "trigger":
      return (
        priceReason("trigger price", draft.triggerAt, pair) ??
        (draft.price ? priceReason("price", draft.price, pair) : null)
      );
    case "tp_sl":
      return legsReason(draft, pair, draft.side === "sell", last, "the last price");
    case "trailing":
      return distanceReason(draft, pair) ?? startReason(draft, pair, last);
    default:
      return null;
  }
}

/** Why a take-profit and a stop-loss attached to an order cannot be sent: they sell what it buys, and the other way. */
export function attachedReason(draft: Draft, pair: Instrument, last: Decimal | null) {
  if (!draft.hasLegs) return null;
  const isMarket = draft.kind === "market";
  const from = isMarket ? last : typed(draft.price);
  return legsReason(
    draft,
    pair,
    draft.side === "buy",
    from,
    isMarket ? "the last price" : "the order's price",
  );
}

function legsReason(
  texts: LegTexts,
  pair: Instrument,
  isSale: boolean,
  from: Decimal | null,
  fromName: string,
): string | null {
  if (!texts.takeAt && !texts.stopAt) return "Enter a take-profit or a stop-loss price.";
  const legs = [
    ["take-profit", texts.takeAt, texts.takePrice, isSale],
    ["stop-loss", texts.stopAt, texts.stopPrice, !isSale],
  ] as const;
  for (const [name, at, price, isAbove] of legs) {
    if (!at) {
      if (price) return `Enter the price at which the ${name} fires.`;
      continue;
    }
    const wrong =
      priceReason(`${name} price`, at, pair) ??
      (price ? priceReason(`${name}'s order price`, price, pair) : null);
    if (wrong) return wrong;
    const trigger = typed(at);
    if (from && trigger && (isAbove ? trigger.lte(from) : trigger.gte(from))) {
      const where = `${isAbove ? "above" : "below"} ${fromName}`;
      return `The ${name} must be ${where}, ${shown(from, placesOf(pair.tickSz))}.`;
    }
  }
  return null;
}

function distanceReason({ distance, distanceIn }: Draft, pair: Instrument): string | null {
  if (distanceIn === "price") return priceReason("distance", distance, pair);
  if (!distance) return "Enter a distance.";
  const percent = typed(distance);
  if (!percent || percent.lt(LEAST_PERCENT) || percent.gt(MOST_PERCENT)) {
    return `The distance must be ${LEAST_PERCENT} to ${MOST_PERCENT} %.`;
  }
  return null;
}

function startReason({ activeAt, side }: Draft, pair: Instrument, last: Decimal | null) {
  if (!activeAt) return null;
  const wrong = priceReason("price at which it starts", activeAt, pair);
  if (wrong || !last) return wrong;
  const start = typed(activeAt);
  const isSale = side === "sell";
  if (!start || (isSale ? start.gt(last) : start.lt(last))) return null;
  return `It must start ${isSale ? "above" : "below"} the last price, ${shown(last, placesOf(pair.tickSz))}.`;
}

/** The take-profit and stop-loss as they are sent. */
export function legs(texts: LegTexts): Partial<Legs> {
  return {
    ...(texts.takeAt && {
      tpTriggerPx: canonical(texts.takeAt),
      tpOrdPx: canonical(texts.takePrice) || MARKET,
    }),
    ...(texts.stopAt && {
      slTriggerPx: canonical(texts.stopAt),
      slOrdPx: canonical(texts.stopPrice) || MARKET,
    }),
  };
}

export function triggerWish(draft: Draft, pair: Instrument, amount: Decimal): TriggerWish {
  const common = {
    instId: pair.instId,
    tdMode: "cash",
    side: draft.side,
    sz: amount.toFixed(),
  } as const;
  switch (draft.kind) {
    case "tp_sl":
      return {
        ...common,
        ordType: draft.takeAt && draft.stopAt ? "oco" : "conditional",
        tgtCcy: "base_ccy",
        ...legs(draft),
      };
    case "trailing":
      return {
        ...common,
        ordType: "move_order_stop",
        ...(draft.distanceIn === "price"
          ? { callbackSpread: canonical(draft.distance) }
          : { callbackRatio: decimal(canonical(draft.distance))?.div(100).toFixed() ?? "" }),
        ...(draft.activeAt && { activePx: canonical(draft.activeAt) }),
      };
    default:
      return {
        ...common,
        ordType: "trigger",
        triggerPx: canonical(draft.triggerAt),
        orderPx: canonical(draft.price) || MARKET,
      };
  }
}
