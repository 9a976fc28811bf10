import { useOrderHistory } from "@/api/past";
import type { Order } from "@/api/types";
import { feeText, kindWords, priceText, sizeText, stateWords } from "./cells";
import { MARKET, SIDE, time } from "./columns";
import { type Column, Rows } from "./Rows";
import type { Scope } from "./scope";
import { useShownRows } from "./selection";

/** Orders that are over, and why. */
export function History({ pairs, only }: Scope) {
  const ended = useShownRows((now) => now.ended);
  const orders = useOrderHistory({
    ...(only !== undefined && { instId: only }),
    ...(ended && { state: ended }),
  });
  const columns: Column<Order>[] = [
    time(({ uTime }) => uTime),
    MARKET,
    { head: "Kind", cell: kindWords },
    SIDE,
    {
      head: "Average",
      look: "number",
      cell: ({ avgPx, instId }) => priceText(avgPx, pairs.get(instId)),
    },
    {
      head: "Price",
      look: "number",
      cell: ({ px, instId }) => priceText(px, pairs.get(instId)),
    },
    { head: "Filled", look: "number", cell: ({ accFillSz }) => sizeText(accFillSz) },
    { head: "Fee", look: "number", cell: ({ fee, feeCcy }) => feeText(fee, feeCcy) },
    { head: "State", cell: stateWords, title: ({ cancelSourceReason }) => cancelSourceReason },
  ];
  return (
    <Rows
      shown={orders}
      older={orders.older}
      empty={
        ended || only
          ? { title: "No such orders", help: "Others may be there: see what narrows the list." }
          : { title: "No orders yet", help: "Orders that are filled or canceled show here." }
      }
      columns={columns}
      keyOf={({ ordId }) => ordId}
    />
  );
}
