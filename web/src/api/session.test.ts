// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Me } from "./site";
import type { FromWorker, ToWorker } from "./socket/messages";

const ADA: Me = { email: "ada@example.org", uid: "1", hasSecondFactor: false };
const KEY = { apiKey: "", secretKey: "s", passphrase: "p" };

/** Stands for the socket's worker: takes what the page tells it, and says what the test says. */
class Sockets {
  static one: Sockets;
  readonly told: ToWorker[] = [];
  onmessage: (event: { data: FromWorker }) => void = () => undefined;

  constructor() {
    Sockets.one = this;
  }

  postMessage(message: ToWorker): void {
    this.told.push(message);
  }
}

let who: Me | null;
let isUp: boolean;
let keys: number;
/** How often the page has asked who is logged in. */
let asked: number;
let session: typeof import("./session");

beforeEach(async () => {
  who = ADA;
  isUp = true;
  keys = 0;
  asked = 0;
  vi.stubGlobal("Worker", Sockets);
  vi.stubGlobal("fetch", async (path: string) => {
    if (!isUp) throw new TypeError("network");
    if (path.endsWith("session-key")) keys += 1;
    else asked += 1;
    const answer = path.endsWith("session-key") ? { ...KEY, apiKey: `key ${keys}` } : who;
    const headers = new Headers({ "Content-Type": "application/json" });
    return { ok: true, headers, json: async () => answer };
  });
  vi.resetModules();
  session = await import("./session");
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function now() {
  return session.useSession.getState();
}

function turnAway(): void {
  Sockets.one.onmessage({ data: { kind: "refused", arg: null, code: "60032", message: "" } });
}

it("goes on as whoever is logged in, with a key of this page", async () => {
  await session.resume();
  expect(now()).toMatchObject({ state: "in", me: ADA, key: { apiKey: "key 1" } });
});

it("asks again while the exchange is not reachable, and is nobody's until it has answered", async () => {
  isUp = false;
  vi.useFakeTimers();
  const done = session.resume();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(now().state).toBe("unknown");
  expect(now().trouble).toContain("not reachable");
  isUp = true;
  await vi.advanceTimersByTimeAsync(2_000);
  await done;
  expect(now()).toMatchObject({ state: "in", trouble: null });
});

it("is nobody's when the exchange does not know its key and nobody is logged in any more", async () => {
  await session.resume();
  who = null;
  turnAway();
  await vi.waitFor(() => expect(now()).toMatchObject({ state: "out", key: null, hasEnded: true }));
});

it("takes another key when only the key is gone, but not again and again", async () => {
  await session.resume();
  turnAway();
  await vi.waitFor(() => expect(now().key?.apiKey).toBe("key 2"));
  turnAway();
  await vi.waitFor(() => expect(asked).toBe(3));
  expect(keys).toBe(2);
});

it("does not say that a session has ended which somebody has left", async () => {
  await session.resume();
  await session.leave();
  expect(now()).toMatchObject({ state: "out", hasEnded: false });
});

it("gives a sign of life when somebody does something after a while", async () => {
  vi.useFakeTimers();
  await session.resume();
  who = null;
  window.dispatchEvent(new Event("keydown"));
  await vi.advanceTimersByTimeAsync(0);
  expect(now().state).toBe("in");
  await vi.advanceTimersByTimeAsync(5 * 60_000);
  window.dispatchEvent(new Event("keydown"));
  await vi.advanceTimersByTimeAsync(0);
  expect(now()).toMatchObject({ state: "out", hasEnded: true });
});
