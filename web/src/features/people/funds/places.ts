/** Where money can be moved from and to, in words, and why it cannot be. */
import type { Place } from "@/api/funds";
import { type Decimal, typed } from "@/lib/decimal";
import { amountText } from "./amounts";

export const TRADING: Place = { wallet: "trading", subAccount: "" };
export const FUNDING: Place = { wallet: "funding", subAccount: "" };

/** One's own wallets, then those of each sub-account. */
export function places(subAccounts: readonly string[]): Place[] {
  const theirs = subAccounts.flatMap((subAccount) => [
    { ...TRADING, subAccount },
    { ...FUNDING, subAccount },
  ]);
  return [TRADING, FUNDING, ...theirs];
}

export function placeId({ wallet, subAccount }: Place): string {
  return subAccount ? `${wallet} ${subAccount}` : wallet;
}

export function placeWords({ wallet, subAccount }: Place): string {
  return subAccount ? `${subAccount}, ${wallet}` : `Own ${wallet} wallet`;
}

/** Why so much cannot be moved; null when it can. */
export function transferReason(
  from: Place,
  to: Place,
  ccy: string,
  text: string,
  available: Decimal | null,
): string | null {
  if (placeId(from) === placeId(to)) return "Choose two different wallets.";
  if (from.subAccount && from.subAccount === to.subAccount) {
    return "Between its two wallets only a sub-account's own key moves money. Go by a wallet of your own.";
  }
  if (!available) return "The balance is on its way.";
  if (!ccy) return "There is nothing to move in this wallet.";
  if (!text) return "Enter an amount.";
  const amount = typed(text);
  if (!amount?.gt(0)) return "The amount is not a number above zero.";
  if (amount.gt(available)) return `Only ${amountText(available)} ${ccy} can be moved from there.`;
  return null;
}
