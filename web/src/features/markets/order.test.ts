import { expect, it } from "vitest";
import type { Instrument, Ticker } from "@/api/types";
import { ordered, turned } from "./order";

const PAIRS = ["A-USDT", "B-USDT", "C-USDT"].map((instId) => ({ instId }) as Instrument);
const TICKERS: Record<string, Ticker> = {
  "A-USDT": { last: "0.00000011", open24h: "0.0000001", volCcy24h: "5" } as Ticker,
  "B-USDT": { last: "90", open24h: "100", volCcy24h: "1000" } as Ticker,
};

function names(by: Parameters<typeof turned>[1], isDown: boolean): string {
  return ordered(PAIRS, TICKERS, { by, isDown })
    .map(({ instId }) => instId[0])
    .join("");
}

it("lists markets as the exchange does, or by a number; without one as if it were zero", () => {
  expect(names("listed", false)).toBe("ABC");
  expect(names("turnover", true)).toBe("BAC");
  expect(names("change", true)).toBe("ACB");
  expect(names("last", false)).toBe("CAB");
});

it("begins with the largest, and turns around when asked again", () => {
  const first = turned({ by: "listed", isDown: false }, "change");
  expect(first).toEqual({ by: "change", isDown: true });
  expect(turned(first, "change").isDown).toBe(false);
});
