import { useFills } from "@/api/past";
import type { Fill } from "@/api/types";
import { feeText, priceText, sizeText } from "./cells";
import { MARKET, SIDE, time } from "./columns";
import { type Column, Rows } from "./Rows";
import type { Scope } from "./scope";

/** Each time that an own order was traded. */
export function Fills({ pairs, only }: Scope) {
  const columns: Column<Fill>[] = [
    time(({ ts }) => ts),
    MARKET,
    SIDE,
    {
      head: "Price",
      look: "number",
      cell: ({ fillPx, instId }) => priceText(fillPx, pairs.get(instId)),
    },
    { head: "Amount", look: "number", cell: ({ fillSz }) => sizeText(fillSz) },
    { head: "Fee", look: "number", cell: ({ fee, feeCcy }) => feeText(fee, feeCcy) },
    { head: "As", cell: ({ execType }) => (execType === "M" ? "Maker" : "Taker") },
  ];
  const fills = useFills(only === undefined ? {} : { instId: only });
  return (
    <Rows
      shown={fills}
      older={fills.older}
      empty={{ title: "No fills yet", help: "Each trade of your orders shows here." }}
      columns={columns}
      keyOf={({ instId, tradeId }) => `${instId} ${tradeId}`}
    />
  );
}
