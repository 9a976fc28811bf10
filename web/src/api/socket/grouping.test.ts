import { describe, expect, it } from "vitest";
import type { Level } from "../types";
import { grouped } from "./grouping";

const level = (price: string, size: string): Level => [price, size, "0", "1"];
const by = (step: string) => ({ step, pricePlaces: 1, sizePlaces: 3 });

describe("a book in steps", () => {
  const bids = [level("65011.9", "1"), level("65010.1", "0.5"), level("65009.9", "2")];
  const asks = [level("65012", "1"), level("65012.1", "0.25"), level("65020", "3")];

  it("lets bids fall and asks rise to the step", () => {
    expect(grouped(bids, "buy", by("10"), 9).map((row) => row.price)).toEqual([
      "65010.0",
      "65000.0",
    ]);
    expect(grouped(asks, "sell", by("1"), 9).map((row) => row.price)).toEqual([
      "65012.0",
      "65013.0",
      "65020.0",
    ]);
  });

  it("sums sizes exactly, in a step and from the best price on", () => {
    expect(grouped(bids, "buy", by("10"), 9)).toEqual([
      { price: "65010.0", size: "1.500", total: "1.500" },
      { price: "65000.0", size: "2.000", total: "3.500" },
    ]);
  });

  it("takes whole steps only", () => {
    expect(grouped(bids, "buy", by("10"), 1)).toEqual([
      { price: "65010.0", size: "1.500", total: "1.500" },
    ]);
    expect(grouped(asks, "sell", by("0.1"), 2)).toHaveLength(2);
  });
});
