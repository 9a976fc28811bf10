import { useTriggerHistory } from "@/api/own";
import type { Instrument, Trigger } from "@/api/types";
import { conditionWords, endWords, failWords, TRIGGER_WORDS, thenWords } from "../triggerWords";
import { priceText } from "./cells";
import { MARKET, SIDE, time } from "./columns";
import { type Column, Rows } from "./Rows";
import { triggerSize } from "./triggerChanges";

/** Trigger orders that are over: what fired them, or why no order came of it. */
export function TriggerHistory({ pairs }: { pairs: ReadonlyMap<string, Instrument> }) {
  const pairOf = ({ instId }: Trigger) => pairs.get(instId);
  const columns: Column<Trigger>[] = [
    time(({ uTime }) => uTime),
    { ...MARKET, isWide: true },
    { head: "Kind", isWide: true, cell: ({ ordType }) => TRIGGER_WORDS[ordType] },
    SIDE,
    {
      head: "Waited for",
      look: "number",
      wraps: true,
      cell: (row) => conditionWords(row, pairOf(row)),
    },
    { head: "Fired by", look: "number", cell: (row) => priceText(row.last, pairOf(row)) },
    {
      head: "Order at",
      look: "number",
      isWide: true,
      wraps: true,
      cell: (row) => thenWords(row, pairOf(row)),
    },
    { head: "Amount", look: "number", cell: (row) => triggerSize(row, pairOf(row)) },
    {
      head: "State",
      wraps: true,
      cell: (row) => [endWords(row), failWords(row)].filter(Boolean).join(": "),
      title: ({ ordId }) => (ordId ? `Its order is ${ordId}` : ""),
    },
  ];
  return (
    <Rows
      shown={useTriggerHistory()}
      empty={{
        title: "No trigger orders yet",
        help: "Trigger orders that have fired or were canceled show here.",
      }}
      columns={columns}
      keyOf={({ algoId }) => algoId}
    />
  );
}
