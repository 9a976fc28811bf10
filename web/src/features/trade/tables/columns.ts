/** Columns that several tables share. */
import type { Side } from "@/api/types";
import { dayAndClock } from "@/lib/time";
import { sideWord } from "./cells";
import type { Column } from "./Rows";

export const MARKET: Column<{ instId: string }> = {
  head: "Market",
  cell: ({ instId }) => instId.replace("-", " / "),
};

export const SIDE: Column<{ side: Side }> = {
  head: "Side",
  cell: ({ side }) => sideWord(side),
  colour: ({ side }) => (side === "buy" ? "up" : "down"),
};

/** When something was so. */
export function time<T>(of: (row: T) => string): Column<T> {
  return { head: "Time", look: "quiet", cell: (row) => dayAndClock(of(row)) };
}
