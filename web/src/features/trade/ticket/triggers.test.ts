import { describe, expect, it } from "vitest";
import type { Draft } from "./draft";
import type { Facts } from "./facts";
import { of, planned } from "./fixtures";

const TP_SL: Partial<Draft> = { kind: "tp_sl", side: "sell", takeAt: "110", stopAt: "90" };

function judged(draft: Partial<Draft>, facts: Partial<Facts> = {}) {
  return planned({ quantity: "1", ...draft }, { last: of("100"), ...facts });
}

describe("an order that waits for a price", () => {
  it.each<[Partial<Draft>, object]>([
    [
      { kind: "trigger", triggerAt: "105" },
      { ordType: "trigger", side: "buy", sz: "1", triggerPx: "105", orderPx: "-1" },
    ],
    [{ kind: "trigger", triggerAt: "105", price: "106" }, { orderPx: "106" }],
    [
      { ...TP_SL, stopPrice: "89.5" },
      {
        ordType: "oco",
        tpTriggerPx: "110",
        tpOrdPx: "-1",
        slTriggerPx: "90",
        slOrdPx: "89.5",
        tgtCcy: "base_ccy",
      },
    ],
    [
      { ...TP_SL, takeAt: "" },
      { ordType: "conditional", slTriggerPx: "90", slOrdPx: "-1" },
    ],
    [
      { kind: "trailing", side: "sell", distance: "1.5", activeAt: "120" },
      { ordType: "move_order_stop", callbackRatio: "0.015", activePx: "120" },
    ],
    [{ kind: "trailing", distance: "2", distanceIn: "price" }, { callbackSpread: "2" }],
  ])("is sent as its kind says: %j", (draft, wish) => {
    const { trigger, order, reason } = judged(draft);
    expect(reason).toBeNull();
    expect(order).toBeNull();
    expect(trigger).toMatchObject(wish);
  });

  it("is valued at its own price, else at the one that it waits for, and of two at the dearer", () => {
    const total = (draft: Partial<Draft>) => judged(draft).estimate?.total.toFixed();
    expect(total({ kind: "trigger", triggerAt: "105", price: "106" })).toBe("106");
    expect(total(TP_SL)).toBe("90");
    expect(total({ kind: "tp_sl", takeAt: "90", stopAt: "110" })).toBe("110");
    expect(total({ kind: "trailing", side: "sell", distance: "10" })).toBe("90");
  });

  it("needs no money yet, and says so", () => {
    expect(judged({ kind: "trigger", triggerAt: "105" }).warning).toBe(
      "No money is held until it fires.",
    );
    const { reason, warning } = judged({ ...TP_SL, quantity: "3" });
    expect(reason).toBeNull();
    expect(warning).toBe("This needs 3 BTC. You have 2.0000. Be sure to have it when it fires.");
  });

  it.each<[string, Partial<Draft>, Partial<Facts>]>([
    ["Enter a trigger price.", { kind: "trigger" }, {}],
    ["Enter a take-profit or a stop-loss price.", { kind: "tp_sl" }, {}],
    ["The take-profit must be above the last price, 100.0.", { ...TP_SL, takeAt: "100" }, {}],
    [
      "The stop-loss must be above the last price, 100.0.",
      { ...TP_SL, side: "buy", takeAt: "90", stopAt: "95" },
      {},
    ],
    ["Enter the price at which the stop-loss fires.", { ...TP_SL, stopAt: "", stopPrice: "9" }, {}],
    ["Enter a distance.", { kind: "trailing" }, {}],
    ["The distance must be 0.1 to 100 %.", { kind: "trailing", distance: "0.05" }, {}],
    [
      "It must start below the last price, 100.0.",
      { kind: "trailing", distance: "1", activeAt: "101" },
      {},
    ],
    [
      "Nothing has traded here yet, so no price can be compared.",
      { kind: "trigger", triggerAt: "105" },
      { last: null },
    ],
  ])("is not sent: %s", (reason, draft, facts) => {
    const judgement = judged(draft, facts);
    expect(judgement.reason).toBe(reason);
    expect(judgement.trigger).toBeNull();
  });
});

describe("a take-profit and a stop-loss attached to an order", () => {
  const DRAFT: Partial<Draft> = { price: "99", hasLegs: true, takeAt: "110", stopAt: "90" };

  it("go with it", () => {
    expect(judged(DRAFT).order?.attachAlgoOrds).toEqual([
      { tpTriggerPx: "110", tpOrdPx: "-1", slTriggerPx: "90", slOrdPx: "-1" },
    ]);
    expect(judged({ ...DRAFT, hasLegs: false }).order).not.toHaveProperty("attachAlgoOrds");
  });

  it("lie on the other sides of its price", () => {
    expect(judged({ ...DRAFT, takeAt: "98" }).reason).toBe(
      "The take-profit must be above the order's price, 99.0.",
    );
    expect(judged({ ...DRAFT, kind: "market", stopAt: "101" }).reason).toBe(
      "The stop-loss must be below the last price, 100.0.",
    );
  });
});
