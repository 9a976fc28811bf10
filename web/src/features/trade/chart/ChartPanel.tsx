import { lazy, Suspense, useState } from "react";
import { useFresh } from "@/api/fresh";
import type { CandleRow, Instrument } from "@/api/types";
import { Bones } from "@/ui/Bones";
import { Empty } from "@/ui/Empty";
import { Trouble } from "@/ui/Trouble";
import { BARS, type BarName, candles } from "./candles";

const Chart = lazy(() => import("./Chart"));
const KEPT_AS = "tickyard.bar";

function keptBar(): BarName {
  const kept = localStorage.getItem(KEPT_AS);
  return BARS.find((bar) => bar === kept) ?? "1m";
}

/** How the price has gone, and how it goes. */
export function ChartPanel({ pair }: { pair: Instrument }) {
  const [bar, setBar] = useState<BarName>(keptBar);
  const { instId } = pair;
  const first = useFresh<CandleRow>("business", ["candles", instId, bar], () =>
    candles(instId, bar),
  );
  const rows = first.data?.rows;
  return (
    <section className="panel chart" data-panel="chart" aria-label="Chart">
      <header>
        <fieldset className="bars">
          <legend className="unseen">Length of a candle</legend>
          {BARS.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={bar === name}
              onClick={() => {
                localStorage.setItem(KEPT_AS, name);
                setBar(name);
              }}
            >
              {name}
            </button>
          ))}
        </fieldset>
        <a className="makers" href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          Charts by TradingView
        </a>
      </header>
      <div className="chart-body" data-stale={(!!rows?.length && !first.isLive) || undefined}>
        {first.isPending && <Bones rows={7} />}
        {first.error && !rows && <Trouble error={first.error} again={first.again} />}
        {rows?.length === 0 && <Empty title="No candles yet">The first trade makes one.</Empty>}
        {!!rows?.length && (
          <Suspense fallback={<Bones rows={7} />}>
            <Chart key={`${instId} ${bar}`} pair={pair} bar={bar} rows={rows} />
          </Suspense>
        )}
      </div>
    </section>
  );
}
