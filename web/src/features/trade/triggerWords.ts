/** Trigger orders in words, for the ticket and the tables. */
import { refusalWords } from "@/api/refusals";
import type { Instrument, Legs, Trigger, TriggerKind } from "@/api/types";
import { decimal, placesOf, shown } from "@/lib/decimal";

export const TRIGGER_WORDS: Record<TriggerKind, string> = {
  conditional: "TP / SL",
  oco: "TP and SL",
  trigger: "Trigger",
  move_order_stop: "Trailing stop",
};

function price(text: string, pair: Instrument | undefined): string {
  const value = decimal(text);
  if (!value) return "–";
  return pair ? shown(value, placesOf(pair.tickSz)) : value.toFixed();
}

/** The prices that a take-profit and a stop-loss wait for; a line breaks between them, not within. */
export function legWords(legs: Legs, pair: Instrument | undefined): string {
  return [
    legs.tpTriggerPx && `TP\u00a0${price(legs.tpTriggerPx, pair)}`,
    legs.slTriggerPx && `SL\u00a0${price(legs.slTriggerPx, pair)}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** What a trigger order waits for. */
export function conditionWords(trigger: Trigger, pair: Instrument | undefined): string {
  if (trigger.ordType === "trigger") return price(trigger.triggerPx, pair);
  if (trigger.ordType !== "move_order_stop") return legWords(trigger, pair);
  const { distance, start } = following(trigger, pair);
  return `${distance} behind${start && ` from ${start}`}`;
}

/** How far a trailing stop follows, and the price at which it starts; "" for at once. */
function following(trigger: Trigger, pair: Instrument | undefined) {
  return {
    distance: trigger.callbackRatio
      ? `${decimal(trigger.callbackRatio)?.times(100).toFixed()} %`
      : price(trigger.callbackSpread, pair),
    start: trigger.activePx && price(trigger.activePx, pair),
  };
}

/** What a trigger order waits for, in a sentence that begins with "until". */
export function untilWords(trigger: Trigger, pair: Instrument | undefined): string {
  const { ordType, triggerPx, tpTriggerPx, slTriggerPx } = trigger;
  if (ordType === "move_order_stop") {
    const { distance, start } = following(trigger, pair);
    const first = start && ` has reached ${start} and then`;
    return `the last price${first} turns back by ${distance}`;
  }
  const prices =
    ordType === "trigger"
      ? [price(triggerPx, pair)]
      : [
          tpTriggerPx && `${price(tpTriggerPx, pair)} to take profit`,
          slTriggerPx && `${price(slTriggerPx, pair)} to stop a loss`,
        ].filter(Boolean);
  return `the last price reaches ${prices.join(" or ")}`;
}

/** Whether the exchange changes one of its kind that waits. */
export function canBeAmended({ ordType }: Trigger): boolean {
  return ordType !== "move_order_stop";
}

/** The price of the order that follows. */
export function thenWords(trigger: Trigger, pair: Instrument | undefined): string {
  const texts = [trigger.ordPx, trigger.tpOrdPx, trigger.slOrdPx].filter(Boolean);
  if (texts.every((text) => text === "-1")) return "Market";
  return texts.map((text) => (text === "-1" ? "Market" : price(text, pair))).join(" · ");
}

/** What became of one that is over. */
export function endWords(trigger: Trigger): string {
  switch (trigger.state) {
    case "effective":
      return "Fired";
    case "order_failed":
      return "Failed";
    case "canceled":
      return "Canceled";
    default:
      return "Waits";
  }
}

/** Why a trigger order fired and no order came of it; "" when there is nothing to say. */
export function failWords({ failCode, failReason }: Trigger): string {
  return failCode ? refusalWords(failCode, failReason) : "";
}
