import { expect, it } from "vitest";
import type { Balance, FundingBalance, Ticker } from "@/api/types";
import { free, holdings, total, worth } from "./holdings";

const trading = [
  { ccy: "USDT", eq: "1000", availBal: "900", frozenBal: "100", coinUsdPrice: "1" },
  { ccy: "BTC", eq: "0", availBal: "0", frozenBal: "0", coinUsdPrice: "60000" },
  { ccy: "ETH", eq: "0", availBal: "0", frozenBal: "0", coinUsdPrice: "3000" },
] as Balance[];
const funding = [
  { ccy: "BTC", bal: "0.5", availBal: "0.5" },
  { ccy: "SOL", bal: "2", availBal: "2" },
  { ccy: "XYZ", bal: "7", availBal: "7" },
] as FundingBalance[];
const tickers = [{ instId: "SOL-USDC", last: "150.5" }] as Ticker[];
const found = holdings({ trading, funding }, tickers);

it("both wallets stand beside each other, most valuable first, without what is in neither", () => {
  expect(found.map((one) => [one.ccy, one.trading.toFixed(), one.funding.toFixed()])).toEqual([
    ["BTC", "0", "0.5"],
    ["USDT", "1000", "0"],
    ["SOL", "0", "2"],
    ["XYZ", "0", "7"],
  ]);
});

it("the exchange's own price counts, else the last one of its market, else none", () => {
  expect(found.map((one) => one.price?.toFixed() ?? null)).toEqual(["60000", "1", "150.5", null]);
  expect(found.map((one) => worth(one).toFixed())).toEqual(["30000", "1000", "301", "0"]);
  expect(total(found, "funding").toFixed()).toBe("30301");
  expect(total(found).toFixed()).toBe("31301");
});

it("what orders hold cannot be given", () => {
  expect(free(found[1], { wallet: "trading" }).toFixed()).toBe("900");
  expect(free(found[0], { wallet: "funding" }).toFixed()).toBe("0.5");
  expect(free(undefined, { wallet: "funding" }).toFixed()).toBe("0");
});
