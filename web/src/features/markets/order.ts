/** In which order markets are listed. */
import type { Instrument, Ticker } from "@/api/types";
import { decimal, ZERO } from "@/lib/decimal";

export type By = "listed" | "last" | "change" | "high" | "low" | "turnover";

export interface Order {
  by: By;
  isDown: boolean;
}

export const COLUMNS: readonly { by: By; head: string; look: string }[] = [
  { by: "listed", head: "Market", look: "" },
  { by: "last", head: "Last", look: "number" },
  { by: "change", head: "24 h", look: "number" },
  { by: "high", head: "High", look: "number wide" },
  { by: "low", head: "Low", look: "number wide" },
  { by: "turnover", head: "Turnover", look: "number" },
];

/** The order after somebody has chosen a column: largest first, then turned around; names as they are listed. */
export function turned(order: Order, by: By): Order {
  return order.by === by ? { by, isDown: !order.isDown } : { by, isDown: by !== "listed" };
}

/** Sorts without changing the order of equals. */
export function ordered(
  pairs: readonly Instrument[],
  tickers: Readonly<Record<string, Ticker>>,
  { by, isDown }: Order,
): Instrument[] {
  if (by === "listed") return isDown ? pairs.toReversed() : [...pairs];
  const key = (pair: Instrument) => measure(tickers[pair.instId], by);
  const known = new Map(pairs.map((pair) => [pair, key(pair)]));
  return pairs.toSorted((a, b) => {
    const order = (known.get(a) ?? ZERO).cmp(known.get(b) ?? ZERO);
    return isDown ? -order : order;
  });
}

/** For sorting only: prices and turnovers of different money are compared as numbers. */
function measure(ticker: Ticker | undefined, by: Exclude<By, "listed">) {
  const of = (text: string | undefined) => decimal(text) ?? ZERO;
  switch (by) {
    case "last":
      return of(ticker?.last);
    case "change": {
      const from = of(ticker?.open24h);
      return from.gt(0) ? of(ticker?.last).minus(from).div(from) : ZERO;
    }
    case "high":
      return of(ticker?.high24h);
    case "low":
      return of(ticker?.low24h);
    case "turnover":
      return of(ticker?.volCcy24h);
  }
}
