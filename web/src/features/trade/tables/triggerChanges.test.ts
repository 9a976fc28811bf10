import { expect, it } from "vitest";
import type { Instrument, Trigger } from "@/api/types";
import { conditionWords, thenWords } from "../triggerWords";
import { triggerChangeReason, triggerChanges } from "./triggerChanges";

const PAIR = {
  tickSz: "0.1",
  lotSz: "0.01",
  minSz: "0.1",
  baseCcy: "BTC",
  quoteCcy: "USDT",
} as Instrument;
const NONE = {
  tpTriggerPx: "",
  tpOrdPx: "",
  slTriggerPx: "",
  slOrdPx: "",
  triggerPx: "",
  ordPx: "",
};
const OCO = {
  ...NONE,
  ordType: "oco",
  sz: "1",
  tgtCcy: "base_ccy",
  tpTriggerPx: "110",
  tpOrdPx: "-1",
  slTriggerPx: "90",
  slOrdPx: "89",
} as Trigger;

it("the prices of a trigger order and its amount can be changed, where they are not the market's", () => {
  const names = (trigger: Trigger) => triggerChanges(trigger).map(({ name }) => name);
  expect(names(OCO)).toEqual(["newTpTriggerPx", "newSlTriggerPx", "newSlOrdPx", "newSz"]);
  expect(names({ ...OCO, tgtCcy: "quote_ccy" })).not.toContain("newSz");
});

it.each([
  [{ newTpTriggerPx: "111", newSz: "2" }, null],
  [{ newTpTriggerPx: "" }, "Enter a price of “Take profit”."],
  [{ newSlTriggerPx: "90.05" }, "The price of “Stop loss” must be a multiple of 0.1 USDT."],
  [{ newSz: "0.005" }, "The amount must be a multiple of 0.01."],
  [{ newSz: "0.05" }, "The smallest order is 0.1 BTC."],
])("a trigger order is changed so: %j, %s", (texts, reason) => {
  expect(triggerChangeReason(texts, PAIR)).toBe(reason);
});

it("a trigger order says what it waits for and what follows", () => {
  expect(conditionWords(OCO, PAIR)).toBe("TP\u00a0110.0 · SL\u00a090.0");
  expect(thenWords(OCO, PAIR)).toBe("Market · 89.0");
  const trailing = {
    ...OCO,
    ...NONE,
    ordType: "move_order_stop",
    callbackRatio: "0.015",
    callbackSpread: "",
    activePx: "120",
  } as Trigger;
  expect(conditionWords(trailing, PAIR)).toBe("1.5 % behind from 120.0");
  expect(thenWords(trailing, PAIR)).toBe("Market");
});
