import { useFills } from "@/api/own";
import type { Instrument } from "@/api/types";
import { dayAndClock } from "@/lib/time";
import { feeText, priceText, sideWord, sizeText } from "./cells";
import { Panel } from "./Panel";

/** Each time that an own order was traded. */
export function Fills({ pairs }: { pairs: ReadonlyMap<string, Instrument> }) {
  return (
    <Panel
      shown={useFills()}
      empty={{ title: "No fills yet", help: "Each trade of your orders shows here." }}
    >
      {(rows) => (
        <table className="rows tight">
          <thead>
            <tr>
              <th>Time</th>
              <th>Market</th>
              <th>Side</th>
              <th className="number">Price</th>
              <th className="number">Amount</th>
              <th className="number">Fee</th>
              <th>As</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((fill) => (
              <tr key={`${fill.instId} ${fill.tradeId}`}>
                <td className="quiet">{dayAndClock(fill.ts)}</td>
                <td>{fill.instId.replace("-", " / ")}</td>
                <td className={fill.side === "buy" ? "up" : "down"}>{sideWord(fill.side)}</td>
                <td className="number">{priceText(fill.fillPx, pairs.get(fill.instId))}</td>
                <td className="number">{sizeText(fill.fillSz)}</td>
                <td className="number">{feeText(fill.fee, fill.feeCcy)}</td>
                <td>{fill.execType === "M" ? "Maker" : "Taker"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
