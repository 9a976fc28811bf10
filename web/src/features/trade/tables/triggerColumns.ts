/** Columns that both tables of trigger orders have. */
import type { Instrument, Trigger } from "@/api/types";
import { conditionWords, TRIGGER_WORDS, thenWords } from "../triggerWords";
import { MARKET, SIDE } from "./columns";
import type { Column } from "./Rows";
import { triggerSize } from "./triggerChanges";

type PairOf = (row: Trigger) => Instrument | undefined;

/** Where, of which kind and which way. */
export const WHAT: Column<Trigger>[] = [
  MARKET,
  { head: "Kind", cell: ({ ordType }) => TRIGGER_WORDS[ordType] },
  SIDE,
];

/** What is waited for. */
export function condition(head: string, pairOf: PairOf): Column<Trigger> {
  return {
    head,
    look: "number",
    wraps: true,
    cell: (row) => conditionWords(row, pairOf(row)),
  };
}

/** The order that is placed then. */
export function orderAt(pairOf: PairOf): Column<Trigger> {
  return {
    head: "Order at",
    look: "number",
    wraps: true,
    cell: (row) => thenWords(row, pairOf(row)),
  };
}

/** How much of it. */
export function amount(pairOf: PairOf): Column<Trigger> {
  return { head: "Amount", look: "number", cell: (row) => triggerSize(row, pairOf(row)) };
}
