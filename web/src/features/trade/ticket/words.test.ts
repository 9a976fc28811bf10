import { expect, it } from "vitest";
import type { Instrument, Order, Trigger } from "@/api/types";
import { outcome, triggerOutcome } from "./words";

const PAIR = { tickSz: "0.1", baseCcy: "BTC" } as Instrument;
const ORDER = {
  side: "buy",
  ordType: "limit",
  px: "65000",
  accFillSz: "0.010",
  avgPx: "64999.95",
  fee: "-0.00001",
  feeCcy: "BTC",
  cancelSourceReason: "",
} as Order;

it.each<[Partial<Order>, string]>([
  [{ state: "filled" }, "Bought 0.01 BTC at 64,999.9, fee 0.00001 BTC."],
  [
    { state: "partially_filled" },
    "Bought 0.01 BTC at 64,999.9, fee 0.00001 BTC. The rest waits at 65,000.0. Amend or cancel it under Open orders.",
  ],
  [
    { state: "live", accFillSz: "0" },
    "Your order waits in the book at 65,000.0. Amend or cancel it under Open orders.",
  ],
  [{ state: "live", accFillSz: "0", ordType: "market" }, "The exchange has it …"],
  [
    { state: "canceled", accFillSz: "0", cancelSourceReason: "It would have traded at once" },
    "It would have traded at once.",
  ],
  [
    { state: "canceled", side: "sell", fee: "0.1", feeCcy: "USDT", cancelSourceReason: "The end" },
    "Sold 0.01 BTC at 64,999.9, rebate 0.1 USDT. The end.",
  ],
])("what became of an order is said in words: %j", (part, text) => {
  expect(outcome({ ...ORDER, ...part }, PAIR).text).toBe(text);
});

it.each<[Partial<Trigger>, string]>([
  [
    { state: "live" },
    "Your order waits until the last price reaches 64,000.0. Amend or cancel it under Trigger orders.",
  ],
  [
    { state: "live", ordType: "oco", tpTriggerPx: "66000", slTriggerPx: "60000" },
    "Your order waits until the last price reaches 66,000.0 to take profit or 60,000.0 to stop a loss. Amend or cancel it under Trigger orders.",
  ],
  [
    { state: "live", ordType: "move_order_stop", callbackRatio: "0.02", activePx: "" },
    "Your order waits until the last price turns back by 2 %. Cancel it under Trigger orders.",
  ],
  [
    { state: "live", ordType: "move_order_stop", callbackSpread: "500", activePx: "66000" },
    "Your order waits until the last price has reached 66,000.0 and then turns back by 500.0. Cancel it under Trigger orders.",
  ],
  [{ state: "effective" }, "It has fired. Its order is on its way …"],
  [{ state: "canceled" }, "Canceled. It has not fired."],
  [
    { state: "order_failed", failCode: "51008", failReason: "" },
    "It fired, and its order was refused. Your balance does not cover the order.",
  ],
])("what became of a trigger order is said in words: %j", (part, text) => {
  const trigger = { ordType: "trigger", triggerPx: "64000", failCode: "", ...part } as Trigger;
  expect(triggerOutcome(trigger, PAIR).text).toBe(text);
});
