/** What an account has of each currency, in both wallets, and what that is worth. */
import type { Place, Wallet, Wallets } from "@/api/funds";
import type { Ticker } from "@/api/types";
import { type Decimal, decimal, ZERO } from "@/lib/decimal";

export interface Holding {
  ccy: string;
  /** All of it, and how much of that orders hold. */
  trading: Decimal;
  held: Decimal;
  funding: Decimal;
  /** What one of it is worth in USD; null when nothing tells. */
  price: Decimal | null;
}

/** These count as one dollar, as in the exchange's own sums. */
const DOLLARS = ["USDT", "USDC"];

/** Puts what both wallets have beside each other, most valuable first. */
export function holdings({ trading, funding }: Wallets, tickers: readonly Ticker[]): Holding[] {
  const names = new Set([...trading, ...funding].map(({ ccy }) => ccy));
  const last = new Map(tickers.map((ticker) => [ticker.instId, ticker.last]));
  return [...names]
    .map((ccy) => {
      const here = trading.find((row) => row.ccy === ccy);
      const there = funding.find((row) => row.ccy === ccy);
      return {
        ccy,
        trading: decimal(here?.eq) ?? ZERO,
        held: decimal(here?.frozenBal) ?? ZERO,
        funding: decimal(there?.bal) ?? ZERO,
        price: decimal(here?.coinUsdPrice) ?? priceOf(ccy, last),
      };
    })
    .filter((one) => one.trading.gt(0) || one.funding.gt(0))
    .sort((a, b) => worth(b).cmp(worth(a)) || a.ccy.localeCompare(b.ccy));
}

/** What is not in the trading wallet has no value of the exchange's own; its market tells. */
function priceOf(ccy: string, last: ReadonlyMap<string, string>): Decimal | null {
  if (DOLLARS.includes(ccy)) return ZERO.plus(1);
  const pair = DOLLARS.map((dollar) => `${ccy}-${dollar}`).find((name) => last.get(name));
  return pair ? decimal(last.get(pair)) : null;
}

/** What one wallet, or both, have of it in USD; zero when nothing tells. */
export function worth(one: Holding, wallet?: Wallet): Decimal {
  const amount = wallet ? one[wallet] : one.trading.plus(one.funding);
  return one.price ? amount.times(one.price) : ZERO;
}

export function total(all: readonly Holding[], wallet?: Wallet): Decimal {
  return all.reduce((sum, one) => sum.plus(worth(one, wallet)), ZERO);
}

/** How much of a currency a wallet can give: what orders hold stays. */
export function free(one: Holding | undefined, { wallet }: Pick<Place, "wallet">): Decimal {
  if (!one) return ZERO;
  return wallet === "trading" ? one.trading.minus(one.held) : one.funding;
}
