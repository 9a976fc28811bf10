import { useOrderHistory } from "@/api/own";
import type { Instrument, Order } from "@/api/types";
import { feeText, kindWords, priceText, sizeText, stateWords } from "./cells";
import { MARKET, SIDE, time } from "./columns";
import { type Column, Rows } from "./Rows";

/** Orders that are over, and why. */
export function History({ pairs }: { pairs: ReadonlyMap<string, Instrument> }) {
  const columns: Column<Order>[] = [
    time(({ uTime }) => uTime),
    MARKET,
    { head: "Kind", isWide: true, cell: kindWords },
    SIDE,
    {
      head: "Average",
      look: "number",
      cell: ({ avgPx, instId }) => priceText(avgPx, pairs.get(instId)),
    },
    {
      head: "Price",
      look: "number",
      isWide: true,
      cell: ({ px, instId }) => priceText(px, pairs.get(instId)),
    },
    { head: "Filled", look: "number", cell: ({ accFillSz }) => sizeText(accFillSz) },
    { head: "Fee", look: "number", cell: ({ fee, feeCcy }) => feeText(fee, feeCcy) },
    { head: "State", cell: stateWords, title: ({ cancelSourceReason }) => cancelSourceReason },
  ];
  return (
    <Rows
      shown={useOrderHistory()}
      empty={{ title: "No orders yet", help: "Orders that are filled or canceled show here." }}
      columns={columns}
      keyOf={({ ordId }) => ordId}
    />
  );
}
