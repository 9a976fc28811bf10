/** Money in wallets: what each has, and how it moves. */
import { privateGet, privatePost, publicGet } from "./rest";
import { ownKey } from "./session";
import type { AccountRow, Balance, FundingBalance, Ticker } from "./types";

export type Wallet = "trading" | "funding";

/** A wallet of the account itself, or of one of its sub-accounts. */
export interface Place {
  wallet: Wallet;
  /** The name of the sub-account; "" for the account itself. */
  subAccount: string;
}

/** What both wallets of an account have. */
export interface Wallets {
  trading: Balance[];
  funding: FundingBalance[];
}

/** Source: OKX v5, POST /api/v5/asset/transfer, "from". */
const WALLET_IDS: Record<Wallet, string> = { funding: "6", trading: "18" };

export function ownFunding(): Promise<FundingBalance[]> {
  return privateGet(ownKey(), "asset/balances");
}

export async function walletsOf(subAcct: string): Promise<Wallets> {
  const [accounts, funding] = await Promise.all([
    privateGet<AccountRow>(ownKey(), "account/subaccount/balances", { subAcct }),
    privateGet<FundingBalance>(ownKey(), "asset/subaccount/balances", { subAcct }),
  ]);
  return { trading: accounts.flatMap(({ details }) => details), funding };
}

export function spotTickers(): Promise<Ticker[]> {
  return publicGet("market/tickers", { instType: "SPOT" });
}

/** Moves money from one wallet to another. */
export async function transfer(from: Place, to: Place, ccy: string, amt: string): Promise<void> {
  const { path, body } = transferRequest(from, to);
  await privatePost(ownKey(), path, { ...body, ccy, amt });
}

/** Which endpoint moves money between two wallets, and what it wants to know. */
export function transferRequest(from: Place, to: Place): { path: string; body: object } {
  const wallets = { from: WALLET_IDS[from.wallet], to: WALLET_IDS[to.wallet] };
  if (from.subAccount && to.subAccount) {
    const names = { fromSubAccount: from.subAccount, toSubAccount: to.subAccount };
    return { path: "asset/subaccount/transfer", body: { ...wallets, ...names } };
  }
  const subAcct = from.subAccount || to.subAccount;
  const body = !subAcct
    ? { ...wallets, type: "0" }
    : { ...wallets, type: to.subAccount ? "1" : "2", subAcct };
  return { path: "asset/transfer", body };
}
