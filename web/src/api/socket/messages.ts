/** What the page and its socket worker say to each other. */
import type { Credentials } from "../sign";
import type { Level, Ticker, Trade } from "../types";
import type { BookStep, Grouping } from "./grouping";

export type Path = "public" | "private" | "business";

export interface Arg {
  channel: string;
  instId?: string;
  instType?: string;
  ccy?: string;
}

export type ToWorker =
  | { kind: "open"; base: string }
  | { kind: "login"; credentials: Credentials | null }
  | { kind: "subscribe"; path: Path; arg: Arg }
  | { kind: "unsubscribe"; path: Path; arg: Arg }
  | { kind: "group"; instId: string; by: Grouping };

/** "live": numbers are current; everything else is not to be shown as if they were. */
export type LinkState = "idle" | "connecting" | "live" | "lost";

const WORST_FIRST = ["lost", "connecting", "live"] as const;

/** What several connections are together: as the worst of those that are in use; "idle" when none is. */
export function overall(states: readonly LinkState[]): LinkState {
  return WORST_FIRST.find((state) => states.includes(state)) ?? "idle";
}

export interface BookView {
  instId: string;
  /** The width of a step, once somebody has said which. */
  step: string;
  askSteps: BookStep[];
  bidSteps: BookStep[];
  /** The best levels one by one. */
  asks: Level[];
  bids: Level[];
  time: number;
}

export type FromWorker =
  | { kind: "state"; path: Path; state: LinkState }
  | { kind: "tickers"; tickers: Ticker[] }
  | { kind: "book"; book: BookView }
  | { kind: "trades"; instId: string; trades: Trade[] }
  | { kind: "rows"; arg: Arg; rows: unknown[] }
  | { kind: "refused"; arg: Arg | null; code: string; message: string };

export function nameOf(arg: Arg): string {
  return [arg.channel, arg.instType, arg.instId, arg.ccy].filter(Boolean).join(" ");
}
