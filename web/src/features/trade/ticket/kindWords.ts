/** What a kind of order does, and what becomes of what it does not trade: a line for whoever has chosen it. */
import type { Side } from "@/api/types";
import type { TicketKind } from "./draft";

/** "" for kinds that need no explaining. */
export function kindWords(kind: TicketKind, side: Side): string {
  switch (kind) {
    case "limit":
    case "market":
      return "";
    case "post_only":
      return "Only ever waits in the book. If any of it would trade at once, all of it is canceled.";
    case "fok":
      return "Trades all of it at once, or else none: then all of it is canceled.";
    case "ioc":
      return "Immediate or cancel: trades what it can at once. The rest is canceled.";
    case "trigger":
      return "Sends your order when the last price gets there. Without a price of its own it trades at once.";
    case "tp_sl":
      return "Sends your order when the last price reaches one of the two. The other is then canceled.";
    case "trailing":
      return side === "sell"
        ? "Follows a rising price at this distance. Sells at market when it falls back by as much."
        : "Follows a falling price at this distance. Buys at market when it climbs back by as much.";
  }
}

export const ATTACHED_WORDS =
  "They begin to wait when the order is filled. When one fires, the other is canceled.";
