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
    "Bought 0.01 BTC at 64,999.9, fee 0.00001 BTC. The rest waits at 65,000.0.",
  ],
  [{ state: "live", accFillSz: "0" }, "Your order waits in the book at 65,000.0."],
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
  [{ state: "live" }, "Your order waits: 64,000.0."],
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
