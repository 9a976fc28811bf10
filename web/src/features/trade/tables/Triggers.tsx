import { useOpenTriggers } from "@/api/own";
import { amendTrigger, cancelTriggers } from "@/api/trading";
import type { Trigger } from "@/api/types";
import { useAgeing } from "@/lib/useAgeing";
import { useTask } from "@/lib/useTask";
import { Notice } from "@/ui/Notice";
import { canBeAmended, conditionWords } from "../triggerWords";
import { Acts, CancelAll } from "./Acts";
import { Amending } from "./Amending";
import { sideWord } from "./cells";
import { time } from "./columns";
import { type Column, Rows } from "./Rows";
import { inScope, type Scope } from "./scope";
import { edit, useShownRows } from "./selection";
import { triggerChangeReason, triggerChanges } from "./triggerChanges";
import { amount, condition, orderAt, WHAT } from "./triggerColumns";

/** Orders that wait for a price: what is changed or canceled here has not been in the book yet. */
export function Triggers(scope: Scope) {
  const { pairs } = scope;
  const shown = inScope(useOpenTriggers(), scope);
  const { isBusy, failure, run, forget } = useTask();
  useAgeing(failure?.message, forget);
  const edited = useShownRows((now) => now.edited);
  const pairOf = ({ instId }: Trigger) => pairs.get(instId);
  const columns: Column<Trigger>[] = [
    time(({ cTime }) => cTime),
    ...WHAT,
    condition("Fires at", pairOf),
    orderAt(pairOf),
    amount(pairOf),
    {
      head: (
        <CancelAll
          count={shown.rows?.length ?? 0}
          isBusy={isBusy}
          onCancel={() => run(() => cancelTriggers(shown.rows ?? []))}
        />
      ),
      look: "acts",
      cell: (row) => (
        <Acts
          what={`${row.side} ${row.sz} at ${conditionWords(row, pairOf(row))}`}
          isBusy={isBusy}
          onAmend={canBeAmended(row) ? () => edit(row.algoId) : null}
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
        onEnd={() => edit(null)}
      />
    );
  }

  return (
    <>
      {failure && (
        <Notice kind="error" onDismiss={forget}>
          {failure.message}
        </Notice>
      )}
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
