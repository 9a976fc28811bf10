import type { CandleRow, Instrument } from "@/api/types";
import { brief, changeOf, decimal, placesOf } from "@/lib/decimal";
import { cut } from "../book/paint";

/** The numbers of the candle that is looked at: the one under the pointer, or the newest. */
export function Legend({ row, pair }: { row: CandleRow; pair: Instrument }) {
  const [, open, high, low, close, volume] = row;
  const change = changeOf(decimal(open), decimal(close));
  const places = placesOf(pair.tickSz);
  const amount = decimal(volume);
  return (
    <dl className="legend">
      {(
        [
          ["O", open],
          ["H", high],
          ["L", low],
          ["C", close],
        ] as const
      ).map(([name, price]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={change.tone}>{cut(price, places)}</dd>
        </div>
      ))}
      <div>
        <dd className={change.tone}>{change.text}</dd>
      </div>
      <div>
        <dt>Vol</dt>
        <dd>{amount ? brief(amount) : "–"}</dd>
      </div>
    </dl>
  );
}
