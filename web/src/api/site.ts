/** What pages ask of the site: who somebody is, and their keys. */
import { Failure, UNREACHABLE } from "@/lib/failure";

export interface Me {
  email: string;
  uid: string;
  hasSecondFactor: boolean;
}

export interface Key {
  apiKey: string;
  label: string;
  permissions: string[];
  addresses: string[];
}

/** A key whose secret is known: shown once, or kept in memory by this page. */
export interface WholeKey extends Key {
  secretKey: string;
  passphrase: string;
}

export interface KeyWish {
  label: string;
  passphrase: string;
  permissions: string[];
  addresses: string[];
}

/** What can be changed in a key that there is. */
export type KeyChange = Omit<KeyWish, "passphrase">;

export interface Enrolment {
  secret: string;
  uri: string;
}

export interface PasswordChange {
  current: string;
  new: string;
  code: string;
}

/** A browser in which somebody is logged in; times in milliseconds. */
export interface Session {
  name: string;
  since: number;
  seen: number;
  browser: string;
  address: string;
  isThis: boolean;
}

export interface Proof {
  email: string;
  password: string;
  code?: string;
}

export const site = {
  /** Who is logged in; null for nobody. */
  me: () => call<Me | null>("GET", "me"),
  signUp: (who: Proof) => call<Me>("POST", "sign-up", who),
  logIn: (who: Proof) => call<Me>("POST", "log-in", who),
  logOut: () => call<object>("POST", "log-out", {}),
  sessionKey: () => call<WholeKey>("POST", "session-key", {}),
  keys: () => call<Key[]>("GET", "keys"),
  makeKey: (wish: KeyWish) => call<WholeKey>("POST", "keys/make", wish),
  deleteKey: (name: string) => call<object>("POST", "keys/delete", { name }),
  beginSecondFactor: () => call<Enrolment>("POST", "second-factor/begin", {}),
  confirmSecondFactor: (code: string) => call<object>("POST", "second-factor/confirm", { code }),
  removeSecondFactor: (password: string, code: string) =>
    call<object>("POST", "second-factor/remove", { password, code }),
  changePassword: (change: PasswordChange) => call<object>("POST", "password", change),
  sessions: () => call<Session[]>("GET", "sessions"),
  endSession: (name: string) => call<object>("POST", "sessions/end", { name }),
};

async function call<T>(method: "GET" | "POST", name: string, body?: object): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/site/v1/${name}`, {
      method,
      ...(body && {
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
  } catch {
    throw UNREACHABLE;
  }
  if (response.headers.get("Content-Type") !== "application/json") throw UNREACHABLE;
  const answer = await response.json();
  if (!response.ok) throw new Failure(answer.error.code, answer.error.message);
  return answer as T;
}
