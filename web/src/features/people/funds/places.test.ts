import { expect, it } from "vitest";
import { transferRequest } from "@/api/funds";
import { decimal, ZERO } from "@/lib/decimal";
import { FUNDING, placeId, places, placeWords, TRADING, transferReason } from "./places";

const BOT = { ...TRADING, subAccount: "bot" };
const GRID = { ...FUNDING, subAccount: "grid" };

it("one's own wallets come first, then those of each sub-account", () => {
  expect(places(["bot"]).map(placeWords)).toEqual([
    "Own trading wallet",
    "Own funding wallet",
    "bot, trading",
    "bot, funding",
  ]);
  expect(new Set(places(["bot", "grid"]).map(placeId)).size).toBe(6);
});

it.each([
  [TRADING, FUNDING, "asset/transfer", { from: "18", to: "6", type: "0" }],
  [FUNDING, BOT, "asset/transfer", { from: "6", to: "18", type: "1", subAcct: "bot" }],
  [GRID, TRADING, "asset/transfer", { from: "6", to: "18", type: "2", subAcct: "grid" }],
  [
    BOT,
    GRID,
    "asset/subaccount/transfer",
    { from: "18", to: "6", fromSubAccount: "bot", toSubAccount: "grid" },
  ],
])("money from %j to %j moves by %s", (from, to, path, body) => {
  expect(transferRequest(from, to)).toEqual({ path, body });
});

const TEN = decimal("10");

it.each([
  [TRADING, TRADING, "USDT", "1", TEN, "Choose two different wallets."],
  [TRADING, FUNDING, "USDT", "1", null, "The balance is on its way."],
  [TRADING, FUNDING, "", "1", ZERO, "There is nothing to move in this wallet."],
  [TRADING, FUNDING, "USDT", "", TEN, "Enter an amount."],
  [TRADING, FUNDING, "USDT", "0", TEN, "The amount is not a number above zero."],
  [TRADING, FUNDING, "USDT", "10.01", TEN, "Only 10 USDT can be moved from there."],
  [TRADING, FUNDING, "USDT", "10", TEN, null],
])("what cannot be moved has a plain reason: %#", (from, to, ccy, text, available, reason) => {
  expect(transferReason(from, to, ccy, text, available)).toBe(reason);
});

it("a sub-account's wallets are not moved between by its master", () => {
  const other = { ...FUNDING, subAccount: "bot" };
  expect(transferReason(BOT, other, "USDT", "1", TEN)).toMatch("own key");
});
