/**
 * Reads the sockets away from the page: parses, keeps books, and tells the page at the pace of each kind of panel.
 * Orders and balances of one's own pass at once.
 */
import type { BookPush, Ticker, Trade } from "../types";
import { Book, Diverged } from "./book";
import { type Grouping, grouped } from "./grouping";
import { Link, type Push } from "./link";
import type { Arg, FromWorker, Path, ToWorker } from "./messages";

const TICK_MS = 100;
const TICKERS_EVERY = 2;
const TRADES_KEPT = 60;
const LEVELS_SHOWN = 60;
const STEPS_SHOWN = 40;

const links = new Map<Path, Link>();
const books = new Map<string, Book>();
const groupings = new Map<string, Grouping>();
const tapes = new Map<string, Trade[]>();
const tickers = new Map<string, Ticker>();
const changed = { books: new Set<string>(), tapes: new Set<string>(), tickers: new Set<string>() };
let base = "";
let tick = 0;

self.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  switch (message.kind) {
    case "open":
      base = message.base;
      setInterval(flush, TICK_MS);
      break;
    case "login":
      link("private").logIn(message.credentials);
      break;
    case "subscribe":
      link(message.path).subscribe(message.arg);
      break;
    case "unsubscribe":
      link(message.path).unsubscribe(message.arg);
      forget(message.arg);
      break;
    case "group":
      groupings.set(message.instId, message.by);
      changed.books.add(message.instId);
      break;
  }
};

function tell(message: FromWorker): void {
  self.postMessage(message);
}

function link(path: Path): Link {
  const known = links.get(path);
  if (known) return known;
  const made: Link = new Link(base, path, {
    changed: (state) => {
      // What comes over a new connection has no part in what an old one said.
      if (state === "live" && path === "public")
        for (const old of [books, tapes, tickers]) old.clear();
      tell({ kind: "state", path, state });
    },
    pushed: (push) => take(made, push),
    refused: (arg, code, message) => tell({ kind: "refused", arg, code, message }),
  });
  links.set(path, made);
  return made;
}

function take(from: Link, push: Push): void {
  const { channel, instId = "" } = push.arg;
  switch (channel) {
    case "books":
      follow(from, push, instId);
      break;
    case "trades":
    case "trades-all":
      tapes.set(
        instId,
        [...(push.data as Trade[]).toReversed(), ...(tapes.get(instId) ?? [])].slice(
          0,
          TRADES_KEPT,
        ),
      );
      changed.tapes.add(instId);
      break;
    case "tickers":
      for (const ticker of push.data as Ticker[]) {
        tickers.set(ticker.instId, ticker);
        changed.tickers.add(ticker.instId);
      }
      break;
    default:
      tell({ kind: "rows", arg: push.arg, rows: push.data });
  }
}

function follow(from: Link, push: Push, instId: string): void {
  const known = books.get(instId);
  // Changes without a book are on their way from before it was given up; a snapshot follows.
  if (!known && push.action !== "snapshot") return;
  const book = known ?? new Book();
  books.set(instId, book);
  try {
    for (const row of push.data as BookPush[]) {
      if (push.action === "snapshot") book.begin(row);
      else book.change(row);
    }
    changed.books.add(instId);
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    books.delete(instId);
    from.again(push.arg);
  }
}

function forget({ channel, instId = "" }: Arg): void {
  if (channel === "books") books.delete(instId);
  if (channel.startsWith("trades")) tapes.delete(instId);
}

function flush(): void {
  tick += 1;
  for (const instId of changed.books) {
    const book = books.get(instId);
    if (!book) continue;
    const by = groupings.get(instId);
    tell({
      kind: "book",
      book: {
        instId,
        step: by?.step ?? "",
        askSteps: by ? grouped(book.asks, "sell", by, STEPS_SHOWN) : [],
        bidSteps: by ? grouped(book.bids, "buy", by, STEPS_SHOWN) : [],
        asks: book.asks.slice(0, LEVELS_SHOWN),
        bids: book.bids.slice(0, LEVELS_SHOWN),
        time: book.time,
      },
    });
  }
  for (const instId of changed.tapes) {
    tell({ kind: "trades", instId, trades: tapes.get(instId) ?? [] });
  }
  changed.books.clear();
  changed.tapes.clear();
  if (tick % TICKERS_EVERY === 0 && changed.tickers.size) {
    const now = [...changed.tickers].map((instId) => tickers.get(instId) as Ticker);
    changed.tickers.clear();
    tell({ kind: "tickers", tickers: now });
  }
}
