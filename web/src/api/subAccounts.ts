/** Sub-accounts of whoever is logged in, and the keys of those: by the same endpoints that programs use. */
import { Failure } from "@/lib/failure";
import { privateGet, privatePost } from "./rest";
import { ownKey } from "./session";
import type { Key, KeyChange, KeyWish, WholeKey } from "./site";

export interface SubAccount {
  subAcct: string;
  uid: string;
  ts: string;
  /** Whether its own keys may move money to other sub-accounts. */
  canTransOut: boolean;
}

interface KeyRow {
  label: string;
  apiKey: string;
  perm: string;
  ip: string;
}

interface NewKeyRow extends KeyRow {
  secretKey: string;
  passphrase: string;
}

const STANDARD = "1";

export const subAccounts = {
  list: () => privateGet<SubAccount>(ownKey(), "users/subaccount/list"),
  open: (subAcct: string) =>
    privatePost(ownKey(), "users/subaccount/create-subaccount", { subAcct, type: STANDARD }),
  async keys(subAcct: string): Promise<Key[]> {
    return (await privateGet<KeyRow>(ownKey(), "users/subaccount/apikey", { subAcct })).map(keyOf);
  },
  async makeKey(subAcct: string, wish: KeyWish): Promise<WholeKey> {
    const { label, passphrase } = wish;
    const [row] = await privatePost<NewKeyRow>(ownKey(), "users/subaccount/apikey", {
      subAcct,
      label,
      passphrase,
      perm: wish.permissions.join(","),
      ip: wish.addresses.join(","),
    });
    if (!row) throw new Failure("empty", "The exchange has not said what the key is.");
    return { ...keyOf(row), secretKey: row.secretKey, passphrase: row.passphrase };
  },
  changeKey: (subAcct: string, apiKey: string, { label, permissions, addresses }: KeyChange) =>
    privatePost(ownKey(), "users/subaccount/modify-apikey", {
      subAcct,
      apiKey,
      label,
      perm: permissions.join(","),
      ip: addresses.join(","),
    }),
  letTransferOut: (subAcct: string, canTransOut: boolean) =>
    privatePost(ownKey(), "users/subaccount/set-transfer-out", { subAcct, canTransOut }),
  deleteKey: (subAcct: string, apiKey: string) =>
    privatePost(ownKey(), "users/subaccount/delete-apikey", { subAcct, apiKey }),
};

function keyOf({ label, apiKey, perm, ip }: KeyRow): Key {
  const listed = (text: string) => text.split(",").filter(Boolean);
  return { label, apiKey, permissions: listed(perm), addresses: listed(ip) };
}
