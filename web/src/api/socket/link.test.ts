import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Link } from "./link";

/** A socket that does what the test says. */
class Socket {
  static readonly OPEN = 1;
  static made: Socket[] = [];
  readyState = Socket.OPEN;
  readonly sent: string[] = [];
  onopen = () => undefined;
  onclose = () => undefined;
  onmessage = (_: { data: string }) => undefined;

  constructor(readonly url: string) {
    Socket.made.push(this);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.readyState = 3;
  }
}

const TICKERS = { channel: "tickers", instId: "BTC-USDT" };
const KEY = { apiKey: "k", secretKey: "s", passphrase: "p" };
let states: string[];
let refusals: string[];

function link(path: "public" | "private" = "public"): Link {
  return new Link("ws://here", path, {
    changed: (state) => states.push(state),
    pushed: () => undefined,
    refused: (_, code) => refusals.push(code),
  });
}

function last(): Socket {
  return Socket.made.at(-1) as Socket;
}

beforeEach(() => {
  states = [];
  refusals = [];
  Socket.made = [];
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Socket);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("connects when something is wanted, and asks for it", () => {
  link().subscribe(TICKERS);
  last().onopen();
  expect(states).toEqual(["connecting", "live"]);
  expect(last().sent).toEqual([JSON.stringify({ op: "subscribe", args: [TICKERS] })]);
});

it("is lost when it ends while something is wanted, connects again and asks again", () => {
  link().subscribe(TICKERS);
  last().onopen();
  last().onclose();
  expect(states.at(-1)).toBe("lost");
  vi.advanceTimersByTime(250);
  last().onopen();
  expect(Socket.made).toHaveLength(2);
  expect(states.at(-1)).toBe("live");
  expect(last().sent).toHaveLength(1);
});

it("is idle, not lost, when it ends while nothing is wanted, and stays away", () => {
  const one = link();
  one.subscribe(TICKERS);
  last().onopen();
  one.unsubscribe(TICKERS);
  last().onclose();
  expect(states.at(-1)).toBe("idle");
  vi.advanceTimersByTime(60_000);
  expect(Socket.made).toHaveLength(1);
});

it("is idle when what was lost is not wanted any more", () => {
  const one = link();
  one.subscribe(TICKERS);
  last().onopen();
  last().onclose();
  one.unsubscribe(TICKERS);
  expect(states.at(-1)).toBe("idle");
});

it("is lost when nothing is heard for long, though nobody has closed it", () => {
  link().subscribe(TICKERS);
  last().onopen();
  vi.advanceTimersByTime(15_000);
  expect(last().sent.at(-1)).toBe("ping");
  last().onmessage({ data: "pong" });
  vi.advanceTimersByTime(15_000);
  expect(states).not.toContain("lost");
  vi.advanceTimersByTime(15_000);
  expect(states.at(-1)).toBe("lost");
});

it("has no private socket for nobody", () => {
  const one = link("private");
  one.subscribe({ channel: "account" });
  expect(Socket.made).toHaveLength(0);
  one.logIn(KEY);
  expect(last().url).toBe("ws://here/ws/v5/private");
  one.logIn(null);
  expect(states.at(-1)).toBe("idle");
});

it("tells when its key is not known any more", () => {
  const one = link("private");
  one.subscribe({ channel: "account" });
  one.logIn(KEY);
  last().onmessage({ data: JSON.stringify({ event: "error", code: "60032", msg: "" }) });
  expect(refusals).toEqual(["60032"]);
});
