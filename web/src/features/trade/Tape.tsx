import { useEffect, useMemo } from "react";
import { useFirstTrades } from "@/api/market";
import { listen, useStreams } from "@/api/socket/stream";
import type { Instrument, Trade } from "@/api/types";
import { decimal, placesOf, sizePlaces } from "@/lib/decimal";
import { clock } from "@/lib/time";
import { useIsVisible } from "@/lib/useIsVisible";
import { Bones } from "@/ui/Bones";
import { Empty } from "@/ui/Empty";
import { Trouble } from "@/ui/Trouble";
import { cut } from "./book/paint";

const SHOWN = 40;

/** What was traded last, newest first. */
export function Tape({ pair }: { pair: Instrument }) {
  const { instId } = pair;
  const first = useFirstTrades(instId);
  const live = useStreams((streams) => streams.tapes[instId]);
  const isVisible = useIsVisible();
  useEffect(() => {
    if (!isVisible) return;
    return listen("public", { channel: "trades", instId });
  }, [instId, isVisible]);

  const trades = useMemo(() => joined(live ?? [], first.data?.rows ?? []), [live, first.data]);
  const sizes = sizePlaces(decimal(trades[0]?.px), pair.lotSz);
  return (
    <section className="panel tape" data-panel="tape" aria-label="Trades">
      <header>
        <h2>Trades</h2>
      </header>
      <div className="tape-body" data-stale={(!!trades.length && !first.isLive) || undefined}>
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
                  <td>{cut(trade.sz, sizes)}</td>
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
