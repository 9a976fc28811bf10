import { useEffect, useRef, useState } from "react";
import { useOpenOrders } from "@/api/own";
import { listen } from "@/api/socket/stream";
import type { CandleRow, Instrument } from "@/api/types";
import { useTheme } from "@/lib/theme";
import { edit, showTab } from "../tables/selection";
import { type BarName, candles, wireName } from "./candles";
import { Drawn } from "./drawn";
import { Legend } from "./Legend";
import { OwnLines } from "./ownLines";
import "./chart.css";

const FLUSH_MS = 250;
/** Text beside the drawing costs more than the drawing: its numbers change once a second. */
const TOLD_EVERY = 4;

interface Props {
  pair: Instrument;
  bar: BarName;
  /** Newest first. */
  rows: readonly CandleRow[];
}

/** Candles and volumes, drawn by lightweight-charts. */
export default function Chart({ pair, bar, rows }: Props) {
  const { instId, tickSz } = pair;
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const lines = useRef<OwnLines | null>(null);
  const [looked, setLooked] = useState<CandleRow>();
  const mine = (useOpenOrders().rows ?? []).filter((order) => order.instId === instId);
  // Rows are new objects with each answer; lines are drawn again only when one of them says something else.
  const said = mine.map(({ ordId, px, sz, accFillSz }) => [ordId, px, sz, accFillSz]).join(" ");
  const theme = useTheme((kept) => kept.theme);
  useEffect(() => {
    if (!place.current) return;
    const made = new Drawn(place.current, tickSz, bar);
    const own = new OwnLines(made.candles, place.current, tickSz, (order, newPx) => {
      showTab("Open orders");
      edit(order.ordId, { newPx });
    });
    drawn.current = made;
    lines.current = own;
    const end = made.whenLookedAt(setLooked);
    return () => {
      end();
      own.end();
      made.chart.remove();
      drawn.current = null;
      lines.current = null;
    };
  }, [tickSz, bar]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme, other colours
  useEffect(() => {
    if (place.current) drawn.current?.colour(place.current);
  }, [theme, tickSz, bar]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other orders, or other colours
  useEffect(() => lines.current?.show(mine, Number(rows[0]?.[4])), [said, theme, tickSz, bar]);

  useEffect(() => {
    const now = drawn.current;
    if (!now) return;
    now.show(rows);
    const older = now.whenNearTheEdge((oldest) => candles(instId, bar, oldest));
    let pending: CandleRow[] = [];
    let flushes = 0;
    const timer = setInterval(() => {
      for (const row of pending) now.update(row);
      pending = [];
      lines.current?.refresh();
      flushes += 1;
      if (flushes % TOLD_EVERY === 0) now.tellAgain();
    }, FLUSH_MS);
    const end = listen("business", { channel: `candle${wireName(bar)}`, instId }, (pushed) => {
      // The last word on each candle is enough.
      const byTime = new Map(pending.map((row) => [row[0], row]));
      for (const row of pushed as CandleRow[]) byTime.set(row[0], row);
      pending = [...byTime.values()].sort((a, b) => Number(a[0]) - Number(b[0]));
    });
    return () => {
      end();
      older();
      clearInterval(timer);
    };
  }, [rows, instId, bar]);

  return (
    <>
      <div ref={place} className="chart-place" role="img" aria-label={`Chart of ${instId}`} />
      {looked && <Legend row={looked} pair={pair} />}
    </>
  );
}
