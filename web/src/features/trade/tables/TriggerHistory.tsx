import { useTriggerHistory } from "@/api/own";
import type { Trigger } from "@/api/types";
import { endWords, failWords } from "../triggerWords";
import { priceText } from "./cells";
import { time } from "./columns";
import { type Column, Rows } from "./Rows";
import { inScope, type Scope } from "./scope";
import { amount, condition, orderAt, WHAT } from "./triggerColumns";

/** Trigger orders that are over: what fired them, or why no order came of it. */
export function TriggerHistory(scope: Scope) {
  const { pairs } = scope;
  const pairOf = ({ instId }: Trigger) => pairs.get(instId);
  const columns: Column<Trigger>[] = [
    time(({ uTime }) => uTime),
    ...WHAT,
    condition("Waited for", pairOf),
    { head: "Fired by", look: "number", cell: (row) => priceText(row.last, pairOf(row)) },
    orderAt(pairOf),
    amount(pairOf),
    {
      head: "State",
      wraps: true,
      cell: (row) => [endWords(row), failWords(row)].filter(Boolean).join(": "),
      title: ({ ordId }) => (ordId ? `Its order is ${ordId}` : ""),
    },
  ];
  return (
    <Rows
      shown={inScope(useTriggerHistory(), scope)}
      empty={{
        title: "No trigger orders yet",
        help: "Trigger orders that have fired or were canceled show here.",
      }}
      columns={columns}
      keyOf={({ algoId }) => algoId}
    />
  );
}
