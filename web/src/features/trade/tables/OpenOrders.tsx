import { useOpenOrders } from "@/api/own";
import { amend, cancel, cancelAll } from "@/api/trading";
import type { Order } from "@/api/types";
import { useAgeing } from "@/lib/useAgeing";
import { useTask } from "@/lib/useTask";
import { Notice } from "@/ui/Notice";
import { legWords } from "../triggerWords";
import { Acts, CancelAll } from "./Acts";
import { Amending } from "./Amending";
import { amendReason } from "./amendReason";
import { kindWords, priceText, sideWord, sizeText } from "./cells";
import { MARKET, SIDE, time } from "./columns";
import { type Column, Rows } from "./Rows";
import { inScope, type Scope } from "./scope";
import { edit, useShownRows } from "./selection";

/** Orders that rest in books: each can be amended and canceled where it stands. */
export function OpenOrders(scope: Scope) {
  const { pairs } = scope;
  const shown = inScope(useOpenOrders(), scope);
  const { isBusy, failure, run, forget } = useTask();
  useAgeing(failure?.message, forget);
  const edited = useShownRows((now) => now.edited);
  const pairOf = ({ instId }: Order) => pairs.get(instId);
  const columns: Column<Order>[] = [
    time(({ cTime }) => cTime),
    MARKET,
    {
      head: "Kind",
      cell: kindWords,
      title: (order) =>
        order.attachAlgoOrds.map((legs) => legWords(legs, pairOf(order))).join(", "),
    },
    SIDE,
    { head: "Price", look: "number", cell: (order) => priceText(order.px, pairOf(order)) },
    { head: "Amount", look: "number", cell: ({ sz }) => sizeText(sz) },
    { head: "Filled", look: "number", cell: ({ accFillSz }) => sizeText(accFillSz) },
    {
      head: (
        <CancelAll
          count={shown.rows?.length ?? 0}
          isBusy={isBusy}
          onCancel={() => run(() => cancelAll(shown.rows ?? []))}
        />
      ),
      look: "acts",
      cell: (order) => (
        <Acts
          what={`${order.side} ${order.sz} at ${order.px}`}
          isBusy={isBusy}
          onAmend={() => edit(order.ordId)}
          onCancel={() => run(() => cancel(order))}
        />
      ),
    },
  ];

  function instead(order: Order) {
    const pair = pairOf(order);
    if (edited !== order.ordId || !pair) return null;
    return (
      <Amending
        head={<span className={order.side === "buy" ? "up" : "down"}>{nameOf(order)}</span>}
        changes={[
          { name: "newPx", label: "Price", value: order.px },
          { name: "newSz", label: "Amount", value: order.sz },
        ]}
        reason={({ newPx, newSz }) => amendReason(order, newPx, newSz, pair)}
        send={(changed) => amend(order, changed)}
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
        empty={{ title: "No open orders", help: "An order that waits in the book shows here." }}
        columns={columns}
        keyOf={({ ordId }) => ordId}
        isSelectable
        instead={instead}
      />
    </>
  );
}

function nameOf({ side, instId }: Order): string {
  return `${sideWord(side)} ${instId.replace("-", " / ")}`;
}
