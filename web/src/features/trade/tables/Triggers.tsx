import { useState } from "react";
import { useOpenTriggers } from "@/api/own";
import { amendTrigger, cancelTriggers } from "@/api/trading";
import type { Instrument, Trigger } from "@/api/types";
import { useTask } from "@/lib/useTask";
import { Notice } from "@/ui/Notice";
import { canBeAmended, conditionWords } from "../triggerWords";
import { Acts, CancelAll } from "./Acts";
import { Amending } from "./Amending";
import { sideWord } from "./cells";
import { time } from "./columns";
import { type Column, Rows } from "./Rows";
import { triggerChangeReason, triggerChanges } from "./triggerChanges";
import { amount, condition, orderAt, WHAT } from "./triggerColumns";

/** Orders that wait for a price: what is changed or canceled here has not been in the book yet. */
export function Triggers({ pairs }: { pairs: ReadonlyMap<string, Instrument> }) {
  const shown = useOpenTriggers();
  const { isBusy, failure, run } = useTask();
  const [edited, setEdited] = useState<string | null>(null);
  const pairOf = ({ instId }: Trigger) => pairs.get(instId);
  const columns: Column<Trigger>[] = [
    time(({ cTime }) => cTime),
    ...WHAT,
    condition("Fires at", pairOf),
    orderAt(pairOf),
    amount(pairOf),
    {
      head: (
        <CancelAll isBusy={isBusy} onCancel={() => run(() => cancelTriggers(shown.rows ?? []))} />
      ),
      look: "acts",
      cell: (row) => (
        <Acts
          what={`${row.side} ${row.sz} at ${conditionWords(row, pairOf(row))}`}
          isBusy={isBusy}
          onAmend={canBeAmended(row) ? () => setEdited(row.algoId) : null}
          onCancel={() => run(() => cancelTriggers([row]))}
        />
      ),
    },
  ];

  function instead(row: Trigger) {
    const pair = pairOf(row);
    if (edited !== row.algoId || !pair) return null;
    return (
      <Amending
        head={
          <span className={row.side === "buy" ? "up" : "down"}>
            {sideWord(row.side)} {row.instId.replace("-", " / ")}
          </span>
        }
        changes={triggerChanges(row)}
        reason={(texts) => triggerChangeReason(texts, pair)}
        send={(changed) => amendTrigger(row, changed)}
        onEnd={() => setEdited(null)}
      />
    );
  }

  return (
    <>
      {failure && <Notice kind="error">{failure.message}</Notice>}
      <Rows
        shown={shown}
        empty={{
          title: "No trigger orders",
          help: "An order that waits for a price before it goes to the book shows here.",
        }}
        columns={columns}
        keyOf={({ algoId }) => algoId}
        isSelectable
        instead={instead}
      />
    </>
  );
}
