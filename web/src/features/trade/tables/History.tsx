import { useOrderHistory } from "@/api/own";
import type { Instrument } from "@/api/types";
import { dayAndClock } from "@/lib/time";
import { feeText, KIND_WORDS, priceText, sideWord, sizeText, stateWords } from "./cells";
import { Panel } from "./Panel";

/** Orders that are over, and why. */
export function History({ pairs }: { pairs: ReadonlyMap<string, Instrument> }) {
  return (
    <Panel
      shown={useOrderHistory()}
      empty={{ title: "No orders yet", help: "Orders that are filled or canceled show here." }}
    >
      {(rows) => (
        <table className="rows tight">
          <thead>
            <tr>
              <th className="wide">Time</th>
              <th>Market</th>
              <th className="wide">Kind</th>
              <th>Side</th>
              <th className="number">Average</th>
              <th className="number wide">Price</th>
              <th className="number">Filled</th>
              <th className="number">Fee</th>
              <th>State</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((order) => (
              <tr key={order.ordId}>
                <td className="quiet wide">{dayAndClock(order.uTime)}</td>
                <td>{order.instId.replace("-", " / ")}</td>
                <td className="wide">{KIND_WORDS[order.ordType]}</td>
                <td className={order.side === "buy" ? "up" : "down"}>{sideWord(order.side)}</td>
                <td className="number">{priceText(order.avgPx, pairs.get(order.instId))}</td>
                <td className="number wide">{priceText(order.px, pairs.get(order.instId))}</td>
                <td className="number">{sizeText(order.accFillSz)}</td>
                <td className="number">{feeText(order.fee, order.feeCcy)}</td>
                <td title={order.cancelSourceReason}>{stateWords(order)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
