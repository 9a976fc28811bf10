/** What can be changed in a trigger order while it waits. */
import type { TriggerChange } from "@/api/trading";
import type { Instrument, Trigger } from "@/api/types";
import { isWhole, typed } from "@/lib/decimal";
import { priceReason } from "../ticket/priceReason";
import type { Change } from "./Amending";
import { sizeText } from "./cells";

const PRICES = [
  ["newTriggerPx", "Fires at", "triggerPx"],
  ["newOrdPx", "Price", "ordPx"],
  ["newTpTriggerPx", "Take profit", "tpTriggerPx"],
  ["newTpOrdPx", "at", "tpOrdPx"],
  ["newSlTriggerPx", "Stop loss", "slTriggerPx"],
  ["newSlOrdPx", "at", "slOrdPx"],
] as const satisfies readonly [TriggerChange, string, keyof Trigger][];

/** Its prices, but not those of market orders, and its amount, but not where that is money. */
export function triggerChanges(trigger: Trigger): Change<TriggerChange>[] {
  const prices = PRICES.map(([name, label, member]) => ({ name, label, value: trigger[member] }));
  return [
    ...prices.filter(({ value }) => value && value !== "-1"),
    ...(trigger.tgtCcy === "quote_ccy"
      ? []
      : ([{ name: "newSz", label: "Amount", value: trigger.sz }] as const)),
  ];
}

/** Why it cannot be changed so; null when it can. */
export function triggerChangeReason(
  texts: Partial<Record<TriggerChange, string>>,
  pair: Instrument,
): string | null {
  for (const [name, label] of PRICES) {
    const text = texts[name];
    const reason = text === undefined ? null : priceReason(`price of “${label}”`, text, pair);
    if (reason) return reason;
  }
  if (texts.newSz === undefined) return null;
  const size = typed(texts.newSz);
  if (!size?.gt(0)) return "The amount is not a number above zero.";
  if (!isWhole(size, pair.lotSz)) return `The amount must be a multiple of ${pair.lotSz}.`;
  if (size.lt(pair.minSz)) return `The smallest order is ${pair.minSz} ${pair.baseCcy}.`;
  return null;
}

/** Its size, and of what where it is not the asset that is traded. */
export function triggerSize({ sz, tgtCcy }: Trigger, pair: Instrument | undefined): string {
  return tgtCcy === "quote_ccy" && pair ? `${sizeText(sz)} ${pair.quoteCcy}` : sizeText(sz);
}
