/** Who is logged in on this page, and the key with which it signs. The key lives in memory only. */
import { create } from "zustand";
import { Failure } from "@/lib/failure";
import type { Credentials } from "./sign";
import { type Me, site } from "./site";
import { identify, whenTurnedAway } from "./socket/stream";

interface Session {
  /** "unknown" until the site was asked. */
  state: "unknown" | "out" | "in";
  me: Me | null;
  key: Credentials | null;
  /** Whether somebody was logged in until the exchange, or another tab, ended that. */
  hasEnded: boolean;
  /** Why the site could not be asked yet. */
  trouble: string | null;
}

const NOBODY = { me: null, key: null, hasEnded: false, trouble: null };
/** How often a site is asked again that is not reachable. */
const AGAIN_MS = 2_000;
/** A session ends without signs of life; whoever trades gives them to the API only, so the page passes them on. */
const SIGN_OF_LIFE_MS = 5 * 60_000;

export const useSession = create<Session>(() => ({ state: "unknown", ...NOBODY }));

/** Tabs of one browser share a session: one that changes it tells the others. */
const tabs = new BroadcastChannel("tickyard.session");

/** Finds out who is logged in, when the page is opened, and notices from then on when that changes. */
export async function resume(): Promise<void> {
  whenTurnedAway(() => void check("key"));
  tabs.onmessage = () => void check();
  watchForLife();
  while (!(await found())) await new Promise((after) => setTimeout(after, AGAIN_MS));
}

async function found(): Promise<boolean> {
  try {
    const me = await site.me();
    if (me) await enter(me, "known");
    else useSession.setState({ state: "out", ...NOBODY });
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    useSession.setState({ trouble: error.message });
    return false;
  }
}

/** Goes on as somebody who has proved to be it. */
export async function enter(me: Me, how: "known" | "new" = "new"): Promise<void> {
  const key = await site.sessionKey();
  identify(key);
  useSession.setState({ state: "in", ...NOBODY, me, key });
  if (how === "new") tabs.postMessage("changed");
}

export async function leave(): Promise<void> {
  end(false);
  // Nobody to tell when the exchange is gone; the session ends by itself.
  await site.logOut().catch(() => undefined);
  tabs.postMessage("changed");
}

function end(hasEnded: boolean): void {
  identify(null);
  useSession.setState({ state: "out", ...NOBODY, hasEnded });
}

/** A key is not made anew more often, whatever the exchange says of it. */
const RENEWED_MS = 10_000;
let isChecking = false;
let renewed = 0;

/** Finds out whether whoever is logged in still is; goes on as whoever it is now, or as nobody. */
async function check(doubted: "session" | "key" = "session"): Promise<void> {
  const { state, me: before } = useSession.getState();
  if (isChecking || state === "unknown") return;
  isChecking = true;
  try {
    const me = await site.me();
    const isOther = me?.uid !== before?.uid;
    if (me && (isOther || (doubted === "key" && Date.now() - renewed > RENEWED_MS))) {
      renewed = Date.now();
      await enter(me, "known");
    } else if (!me && state === "in") end(true);
  } catch (error) {
    // Without an answer nothing is known; the next sign of life asks again.
    if (!(error instanceof Failure)) throw error;
  } finally {
    isChecking = false;
  }
}

function watchForLife(): void {
  let last = Date.now();
  const live = (patience: number) => {
    if (document.hidden || Date.now() - last < patience) return;
    last = Date.now();
    if (useSession.getState().state === "in") void check();
  };
  for (const sign of ["pointerdown", "keydown"]) {
    window.addEventListener(sign, () => live(SIGN_OF_LIFE_MS), { passive: true });
  }
  document.addEventListener("visibilitychange", () => live(AGAIN_MS));
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
