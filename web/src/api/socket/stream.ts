/** The page's end of the socket worker: what streams say, for whoever shows it. */
import { create } from "zustand";
import type { Credentials } from "../sign";
import type { Ticker, Trade } from "../types";
import type { Grouping } from "./grouping";
import {
  type Arg,
  type BookView,
  type FromWorker,
  type LinkState,
  nameOf,
  type Path,
  type ToWorker,
} from "./messages";
import workerUrl from "./worker?worker&url";

interface Streams {
  links: Record<Path, LinkState>;
  /** How often each link has become live. */
  connections: Record<Path, number>;
  tickers: Record<string, Ticker>;
  books: Record<string, BookView>;
  tapes: Record<string, Trade[]>;
}

export const useStreams = create<Streams>(() => ({
  links: { public: "idle", private: "idle", business: "idle" },
  connections: { public: 0, private: 0, business: 0 },
  tickers: {},
  books: {},
  tapes: {},
}));

/** Source: OKX v5, "Error code", WebSocket: "API key doesn't exist". */
const UNKNOWN_KEY = "60032";

type Rows = (rows: unknown[]) => void;

const listeners = new Map<string, Set<Rows>>();
const wanted = new Map<string, number>();
let worker: Worker | null = null;

/** Subscribes as long as somebody wants it; returns how to end that. */
export function listen(path: Path, arg: Arg, rows?: Rows): () => void {
  const name = `${path} ${nameOf(arg)}`;
  const count = wanted.get(name) ?? 0;
  wanted.set(name, count + 1);
  if (rows) listeners.set(nameOf(arg), (listeners.get(nameOf(arg)) ?? new Set()).add(rows));
  if (!count) say({ kind: "subscribe", path, arg });
  return () => {
    const left = (wanted.get(name) ?? 1) - 1;
    wanted.set(name, left);
    if (rows) listeners.get(nameOf(arg))?.delete(rows);
    if (left) return;
    say({ kind: "unsubscribe", path, arg });
    forget(arg);
  };
}

/** What is not listened to any more grows old: whoever listens again begins anew. */
function forget({ channel, instId }: Arg): void {
  const others = <T>(kept: Record<string, T>) =>
    Object.fromEntries(Object.entries(kept).filter(([name]) => name !== instId));
  if (channel === "books") useStreams.setState(({ books }) => ({ books: others(books) }));
  if (channel === "trades") useStreams.setState(({ tapes }) => ({ tapes: others(tapes) }));
}

function isWanted(channel: string, instId: string): boolean {
  return (wanted.get(`public ${nameOf({ channel, instId })}`) ?? 0) > 0;
}

let turnedAway: () => void = () => undefined;

/** What to do when the exchange does not know the key any more with which the private socket logs in. */
export function whenTurnedAway(act: () => void): void {
  turnedAway = act;
}

/** Says in which steps a book is to be shown. */
export function groupBook(instId: string, by: Grouping): void {
  say({ kind: "group", instId, by });
}

/** Logs the private socket in, or out. */
export function identify(credentials: Credentials | null): void {
  say({ kind: "login", credentials });
}

function say(message: ToWorker): void {
  if (!worker) {
    worker = new Worker(trusted(workerUrl), { type: "module" });
    worker.onmessage = (event: MessageEvent<FromWorker>) => hear(event.data);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    worker.postMessage({ kind: "open", base: `${scheme}://${location.host}` } satisfies ToWorker);
  }
  worker.postMessage(message);
}

/** The page may start this script and no other: the content security policy asks for it in these words. */
function trusted(url: string): string {
  const policy = window.trustedTypes?.createPolicy("tickyard", { createScriptURL: (own) => own });
  return policy ? (policy.createScriptURL(url) as unknown as string) : url;
}

/** A new connection begins with nothing: what an old one has said is not shown as if it were new. */
function linked(now: Streams, path: Path, state: LinkState): Partial<Streams> {
  const links = { ...now.links, [path]: state };
  if (state !== "live") return { links };
  const connections = { ...now.connections, [path]: now.connections[path] + 1 };
  return { links, connections, ...(path === "public" && { tickers: {}, books: {}, tapes: {} }) };
}

function hear(message: FromWorker): void {
  switch (message.kind) {
    case "state":
      useStreams.setState((now) => linked(now, message.path, message.state));
      break;
    case "tickers":
      useStreams.setState((now) => ({
        tickers: {
          ...now.tickers,
          ...Object.fromEntries(message.tickers.map((ticker) => [ticker.instId, ticker])),
        },
      }));
      break;
    case "book":
      if (!isWanted("books", message.book.instId)) break;
      useStreams.setState((now) => ({
        books: { ...now.books, [message.book.instId]: message.book },
      }));
      break;
    case "trades":
      if (!isWanted("trades", message.instId)) break;
      useStreams.setState((now) => ({
        tapes: { ...now.tapes, [message.instId]: message.trades },
      }));
      break;
    case "rows":
      for (const rows of listeners.get(nameOf(message.arg)) ?? []) rows(message.rows);
      break;
    case "refused":
      if (message.code === UNKNOWN_KEY) turnedAway();
      else console.warn(`${message.code}: ${message.message}`);
      break;
  }
}
