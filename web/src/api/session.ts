/** Who is logged in on this page, and the key with which it signs. The key lives in memory only. */
import { create } from "zustand";
import { Failure } from "@/lib/failure";
import type { Credentials } from "./sign";
import { type Me, site } from "./site";
import { identify } from "./socket/stream";

interface Session {
  /** "unknown" until the site was asked. */
  state: "unknown" | "out" | "in";
  me: Me | null;
  key: Credentials | null;
}

export const useSession = create<Session>(() => ({ state: "unknown", me: null, key: null }));

/** Finds out who is logged in, when the page is opened. */
export async function resume(): Promise<void> {
  try {
    const me = await site.me();
    if (me) await enter(me);
    else useSession.setState({ state: "out" });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    useSession.setState({ state: "out" });
  }
}

/** Goes on as somebody who has proved to be it. */
export async function enter(me: Me): Promise<void> {
  const key = await site.sessionKey();
  identify(key);
  useSession.setState({ state: "in", me, key });
}

export async function leave(): Promise<void> {
  identify(null);
  useSession.setState({ state: "out", me: null, key: null });
  await site.logOut();
}

/** The key of whoever is logged in. */
export function ownKey(): Credentials {
  const { key } = useSession.getState();
  if (!key) throw new Failure("out", "Log in first.");
  return key;
}

/** Asks again who this is: something about them has changed. */
export async function refresh(): Promise<void> {
  useSession.setState({ me: await site.me() });
}
