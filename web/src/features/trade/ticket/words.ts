/** What became of an order, in words. */
import type { Instrument, Order, Trigger } from "@/api/types";
import { decimal, placesOf, shown, ZERO } from "@/lib/decimal";
import { canBeAmended, failWords, untilWords } from "../triggerWords";

export interface Outcome {
  kind: "good" | "error" | "plain";
  text: string;
}

const IN_BOOK = "Amend or cancel it under Open orders.";

/** Orders of these kinds never wait. */
const AT_ONCE = new Set<Order["ordType"]>(["market", "ioc", "fok"]);

export function outcome(order: Order, pair: Instrument): Outcome {
  const places = placesOf(pair.tickSz);
  const filled = decimal(order.accFillSz) ?? ZERO;
  const price = (text: string) => shown(decimal(text) ?? ZERO, places);
  const size = `${filled.toFixed()} ${pair.baseCcy}`;
  const traded = `${order.side === "buy" ? "Bought" : "Sold"} ${size} at ${price(order.avgPx)}${feeWords(order)}.`;
  const reason = order.cancelSourceReason || "Canceled";
  switch (order.state) {
    case "filled":
      return { kind: "good", text: traded };
    case "partially_filled":
      return { kind: "good", text: `${traded} The rest waits at ${price(order.px)}. ${IN_BOOK}` };
    case "live":
      if (AT_ONCE.has(order.ordType)) return { kind: "plain", text: "The exchange has it …" };
      return {
        kind: "plain",
        text: `Your order waits in the book at ${price(order.px)}. ${IN_BOOK}`,
      };
    default:
      return filled.gt(0)
        ? { kind: "good", text: `${traded} ${reason}.` }
        : { kind: "error", text: `${reason}.` };
  }
}

/** What became of a trigger order, before there is an order of it. */
export function triggerOutcome(trigger: Trigger, pair: Instrument): Outcome {
  switch (trigger.state) {
    case "live":
      return {
        kind: "plain",
        text: `Your order waits until ${untilWords(trigger, pair)}. ${canBeAmended(trigger) ? "Amend or cancel" : "Cancel"} it under Trigger orders.`,
      };
    case "effective":
      return { kind: "plain", text: "It has fired. Its order is on its way …" };
    case "canceled":
      return { kind: "plain", text: "Canceled. It has not fired." };
    default:
      return { kind: "error", text: `It fired, and its order was refused. ${failWords(trigger)}` };
  }
}

function feeWords(order: Order): string {
  const fee = decimal(order.fee);
  if (!fee || fee.eq(0)) return "";
  return fee.lt(0)
    ? `, fee ${fee.abs().toFixed()} ${order.feeCcy}`
    : `, rebate ${fee.toFixed()} ${order.feeCcy}`;
}
