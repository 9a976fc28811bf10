/** Candles as the chart takes them. Its numbers are for drawing only. */
import type { CandlestickData, HistogramData, UTCTimestamp } from "lightweight-charts";
import { publicGet } from "@/api/rest";
import type { CandleRow } from "@/api/types";

export const BARS = ["1m", "5m", "15m", "1H", "4H", "1D"] as const;
export type BarName = (typeof BARS)[number];

const PAGE = "300";

/** Days are shown from midnight UTC to midnight UTC. */
export function wireName(bar: BarName): string {
  return bar === "1D" ? "1Dutc" : bar;
}

/** The newest candles, newest first; with `before`, older ones than that. */
export function candles(instId: string, bar: BarName, before?: string): Promise<CandleRow[]> {
  const query = { instId, bar: wireName(bar), limit: PAGE };
  return publicGet<CandleRow>("market/candles", before ? { ...query, after: before } : query);
}

export function toCandle([ts, open, high, low, close]: CandleRow): CandlestickData {
  return {
    time: (Number(ts) / 1_000) as UTCTimestamp,
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
  };
}

export function toVolume(row: CandleRow, up: string, down: string): HistogramData {
  return {
    time: (Number(row[0]) / 1_000) as UTCTimestamp,
    value: Number(row[5]),
    color: Number(row[4]) >= Number(row[1]) ? up : down,
  };
}
