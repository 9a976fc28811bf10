import { type Decimal, placesOf, shown } from "@/lib/decimal";
import { useDraft, waits } from "./draft";
import type { Estimate } from "./estimate";
import { type Facts, quotePlaces } from "./facts";

/** What the order costs, before it is sent. */
export function Costs({ facts: { pair }, estimate }: { facts: Facts; estimate: Estimate | null }) {
  const { kind, side } = useDraft();
  const isMarket = kind === "market";
  const fee = estimate?.fee;
  return (
    <dl className="costs">
      <div>
        <dt>
          {isMarket ? "Average price, about" : side === "buy" ? "Cost" : "Proceeds"}
          {waits(kind) && ", about"}
        </dt>
        <dd>
          {estimate
            ? `${shown(isMarket ? estimate.price : estimate.total, isMarket ? placesOf(pair.tickSz) : quotePlaces(pair))} ${pair.quoteCcy}`
            : "–"}
        </dd>
      </div>
      <div>
        <dt>{fee?.rate.lt(0) ? "Rebate" : waits(kind) ? "Fee, at most" : "Fee"}</dt>
        <dd>
          {fee
            ? `${feeText(fee.amount, fee.asset, fee.asset === pair.quoteCcy ? quotePlaces(pair) + 2 : 8)} (${fee.rate.abs().times(100).toFixed()} %)`
            : "–"}
        </dd>
      </div>
    </dl>
  );
}

function feeText(fee: Decimal, asset: string, places: number): string {
  return `${fee.abs().round(places, 3).toFixed()} ${asset}`;
}
