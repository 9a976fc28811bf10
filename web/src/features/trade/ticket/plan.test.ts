import { describe, expect, it } from "vitest";
import { BLANK, type Draft } from "./draft";
import type { Facts } from "./facts";
import { FACTS, PAIR, planned } from "./fixtures";
import { other, plan, portion, share } from "./plan";

const DRAFT: Draft = { ...BLANK, price: "99.5", quantity: "2" };

function judged(draft: Partial<Draft>, facts: Partial<Facts> = {}) {
  return planned({ ...DRAFT, ...draft }, facts);
}

describe("an order", () => {
  it("costs price times amount, and a maker's fee while it waits", () => {
    const { estimate, order, reason } = judged({});
    expect(reason).toBeNull();
    expect(estimate?.total.toFixed()).toBe("199");
    expect(estimate?.fee?.amount.toFixed()).toBe("0.0016");
    expect(estimate?.fee?.asset).toBe("BTC");
    expect(order).toEqual({
      instId: "BTC-USDT",
      tdMode: "cash",
      side: "buy",
      ordType: "limit",
      px: "99.5",
      sz: "2",
    });
  });

  it("pays a taker's fee when its price meets the book", () => {
    expect(judged({ price: "100" }).estimate?.fee?.rate.toFixed()).toBe("0.001");
    expect(judged({ side: "sell", price: "99" }).estimate?.fee?.asset).toBe("USDT");
  });

  it("takes whole lots for a total", () => {
    const { estimate, order } = judged({ by: "total", quantity: "100" });
    expect(order?.sz).toBe("1.005");
    expect(other({ ...DRAFT, by: "total" }, estimate, PAIR)).toBe("1.005");
  });

  it("at market takes the book from its best price on", () => {
    const { estimate, order } = judged({ kind: "market" });
    expect(estimate?.price.toFixed()).toBe("100.5");
    expect(order).toMatchObject({ sz: "2", tgtCcy: "base_ccy" });
  });

  it("at market is sent in quote money when a total was typed", () => {
    const { estimate, order } = judged({ kind: "market", by: "total", quantity: "201" });
    expect(estimate?.amount.toFixed()).toBe("2");
    expect(order).toMatchObject({ sz: "201", tgtCcy: "quote_ccy" });
    expect(order?.px).toBeUndefined();
  });
});

describe("the reason why an order cannot be sent", () => {
  it.each<[string, Partial<Draft>, Partial<Facts>]>([
    ["Log in to trade.", {}, { isLoggedIn: false }],
    [
      "The connection is lost. You can trade again when it is back.",
      {},
      { isLive: false, isLost: true },
    ],
    ["Connecting to the exchange …", {}, { isLive: false }],
    ["This market does not trade at the moment.", {}, { pair: { ...PAIR, state: "suspend" } }],
    ["Enter a price.", { price: "" }, {}],
    ["The price is not a number above zero.", { price: "a" }, {}],
    ["The price must be a multiple of 0.1 USDT.", { price: "99.55" }, {}],
    ["Enter an amount.", { quantity: "" }, {}],
    ["The amount is not a number above zero.", { quantity: "0" }, {}],
    ["The amount must be a multiple of 0.0001 BTC.", { quantity: "1.00001" }, {}],
    ["The smallest order is 0.001 BTC.", { quantity: "0.0001" }, {}],
    ["The largest order is 150 BTC.", { quantity: "151", price: "1" }, {}],
    ["The largest market order is 1,000,000 USDT.", { kind: "market", quantity: "20000" }, {}],
    ["The order book is on its way.", { kind: "market" }, { asks: [], isBookHere: false }],
    ["Nobody sells at the moment.", { kind: "market" }, { asks: [] }],
    ["Your balance is on its way.", {}, { free: null }],
    ["This needs 19,900.00 USDT. You have 10,000.00.", { price: "9950" }, {}],
    ["This needs 3 BTC. You have 2.0000.", { side: "sell", quantity: "3" }, {}],
  ])("%s", (reason, draft, facts) => {
    const judgement = judged(draft, facts);
    expect(judgement.reason).toBe(reason);
    expect(judgement.order).toBeNull();
  });

  it("is none, but a warning, where the exchange would cancel", () => {
    expect(judged({ kind: "post_only", price: "100" }).warning).toContain("trade at once");
    expect(judged({ kind: "ioc" }).warning).toContain("nothing trades now");
    expect(judged({ kind: "fok", price: "100" }).warning).toContain("less than that");
    expect(judged({ kind: "fok", price: "101" }).warning).toBeNull();
  });
});

describe("a part of what there is", () => {
  it("buys in whole lots at a price, and in quote money at market", () => {
    expect(portion(DRAFT, FACTS, 25)).toEqual({ by: "amount", quantity: "25.1256" });
    expect(portion({ ...DRAFT, kind: "market" }, FACTS, 25)).toEqual({
      by: "total",
      quantity: "2500.00",
    });
  });

  it("sells in whole lots", () => {
    expect(portion({ ...DRAFT, side: "sell" }, FACTS, 10)).toEqual({
      by: "amount",
      quantity: "0.2",
    });
  });

  it("is never more than there is", () => {
    const all = { ...DRAFT, ...portion(DRAFT, FACTS, 100) };
    expect(plan(all, FACTS).reason).toBeNull();
    expect(share(all, FACTS, plan(all, FACTS).estimate)).toBe(100);
  });
});
