import { useFills } from "@/api/own";
import type { Fill, Instrument } from "@/api/types";
import { feeText, priceText, sizeText } from "./cells";
import { MARKET, SIDE, time } from "./columns";
import { type Column, Rows } from "./Rows";

/** Each time that an own order was traded. */
export function Fills({ pairs }: { pairs: ReadonlyMap<string, Instrument> }) {
  const columns: Column<Fill>[] = [
    { ...time(({ ts }) => ts), isWide: false },
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
  return (
    <Rows
      shown={useFills()}
      empty={{ title: "No fills yet", help: "Each trade of your orders shows here." }}
      columns={columns}
      keyOf={({ instId, tradeId }) => `${instId} ${tradeId}`}
    />
  );
}
