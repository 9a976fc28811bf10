import { useEffect, useMemo } from "react";
import { useFirstTrades } from "@/api/market";
import { listen, useStreams } from "@/api/socket/stream";
import type { Instrument, Trade } from "@/api/types";
import { placesOf } from "@/lib/decimal";
import { clock } from "@/lib/time";
import { useVisit } from "@/lib/useVisit";
import { Bones } from "@/ui/Bones";
import { Empty } from "@/ui/Empty";
import { Trouble } from "@/ui/Trouble";
import { cut, sizeCut } from "./book/paint";

const SHOWN = 40;

/** What was traded last, newest first. */
export function Tape({ pair }: { pair: Instrument }) {
  const { instId } = pair;
  const visit = useVisit();
  const first = useFirstTrades(instId, visit);
  const live = useStreams((streams) => streams.tapes[instId]);
  useEffect(
    () => (visit ? listen("public", { channel: "trades", instId }) : undefined),
    [instId, visit],
  );

  const trades = useMemo(() => joined(live ?? [], first.data?.rows ?? []), [live, first.data]);
  const sizes = placesOf(pair.minSz);
  return (
    <section className="panel tape" data-panel="tape" aria-label="Trades">
      <header>
        <h2>Trades</h2>
      </header>
      <div
        className="tape-body"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll it
        tabIndex={0}
        data-stale={(!!trades.length && !first.isLive) || undefined}
      >
        {first.isPending && <Bones rows={8} />}
        {first.error && !trades.length && <Trouble error={first.error} again={first.again} />}
        {first.data && !trades.length && <Empty title="Nobody has traded yet" />}
        {!!trades.length && (
          <table>
            <thead>
              <tr>
                <th scope="col">Price ({pair.quoteCcy})</th>
                <th scope="col">Amount ({pair.baseCcy})</th>
                <th scope="col">Time</th>
              </tr>
            </thead>
            <tbody>
              {trades.map((trade) => (
                <tr key={trade.tradeId}>
                  <td className={trade.side === "buy" ? "up" : "down"}>
                    <span className="unseen">{trade.side} at </span>
                    {cut(trade.px, placesOf(pair.tickSz))}
                  </td>
                  <td>{sizeCut(trade.sz, sizes)}</td>
                  <td className="quiet">{clock(trade.ts)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </section>
  );
}

/** What the stream has said, then what REST knew and the stream has not said. */
function joined(live: readonly Trade[], first: readonly Trade[]): Trade[] {
  const oldest = live.at(-1);
  const older = oldest
    ? first.filter((trade) => Number(trade.tradeId) < Number(oldest.tradeId))
    : first;
  return [...live, ...older].slice(0, SHOWN);
}
