/** A market and what is known of it, for tests of the ticket. */
import type { Instrument, Level } from "@/api/types";
import { decimal, ZERO } from "@/lib/decimal";
import { BLANK, type Draft } from "./draft";
import type { Facts } from "./facts";
import { type Plan, plan } from "./plan";

export const of = (text: string) => decimal(text) ?? ZERO;
export const level = (price: string, size: string): Level => [price, size, "0", "1"];

export const PAIR: Instrument = {
  instId: "BTC-USDT",
  baseCcy: "BTC",
  quoteCcy: "USDT",
  groupId: "1",
  tickSz: "0.1",
  lotSz: "0.0001",
  minSz: "0.001",
  maxLmtSz: "150",
  maxMktSz: "100",
  maxMktAmt: "1000000",
  state: "live",
};

export const FACTS: Facts = {
  pair: PAIR,
  free: { base: of("2"), quote: of("10000") },
  fees: { maker: of("0.0008"), taker: of("0.001") },
  isBookHere: true,
  asks: [level("100", "1"), level("101", "3")],
  bids: [level("99", "2"), level("98", "5")],
  last: of("99.5"),
  isLoggedIn: true,
  isLive: true,
  isLost: false,
};

/** Plans an order that differs so from a blank one, where facts differ so from those above. */
export function planned(draft: Partial<Draft>, facts: Partial<Facts> = {}): Plan {
  return plan({ ...BLANK, ...draft }, { ...FACTS, ...facts });
}
