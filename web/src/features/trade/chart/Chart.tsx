import {
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  createChart,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
} from "lightweight-charts";
import { useEffect, useRef } from "react";
import { listen } from "@/api/socket/stream";
import type { CandleRow, Instrument } from "@/api/types";
import { placesOf } from "@/lib/decimal";
import { useTheme } from "@/lib/theme";
import { type BarName, candles, toCandle, toVolume, wireName } from "./candles";

const FLUSH_MS = 250;
/** Older candles are asked for when so few are left to the left of what is seen. */
const NEAR_THE_EDGE = 20;

interface Props {
  pair: Instrument;
  bar: BarName;
  /** Newest first. */
  rows: readonly CandleRow[];
}

/** Candles and volumes, drawn by lightweight-charts. */
export default function Chart({ pair, bar, rows }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const theme = useTheme((kept) => kept.theme);
  const { instId, tickSz } = pair;

  useEffect(() => {
    if (!place.current) return;
    const made = new Drawn(place.current, tickSz);
    drawn.current = made;
    return () => {
      made.chart.remove();
      drawn.current = null;
    };
  }, [tickSz]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme, other colours
  useEffect(() => {
    if (place.current) drawn.current?.colour(place.current);
  }, [theme, tickSz]);

  useEffect(() => {
    const now = drawn.current;
    if (!now) return;
    now.show(rows);
    const older = now.whenNearTheEdge((oldest) => candles(instId, bar, oldest));
    let pending: CandleRow[] = [];
    const timer = setInterval(() => {
      for (const row of pending) now.update(row);
      pending = [];
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

  return <div ref={place} className="chart-place" role="img" aria-label={`Chart of ${instId}`} />;
}

class Drawn {
  readonly chart: IChartApi;
  readonly #candles: ISeriesApi<"Candlestick">;
  readonly #volumes: ISeriesApi<"Histogram">;
  #rows: CandleRow[] = [];
  #up = "";
  #down = "";

  constructor(place: HTMLElement, tick: string) {
    this.chart = createChart(place, {
      autoSize: true,
      // Its logo comes with a style element, which our policy forbids; the panel's foot names its makers.
      layout: { attributionLogo: false, fontSize: 11 },
      crosshair: { mode: CrosshairMode.Normal },
      rightPriceScale: { borderVisible: false },
      timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false, rightOffset: 4 },
      localization: { locale: "en-GB" },
    });
    const format = { type: "price", precision: placesOf(tick), minMove: Number(tick) } as const;
    this.#candles = this.chart.addSeries(CandlestickSeries, { priceFormat: format });
    this.#volumes = this.chart.addSeries(HistogramSeries, {
      priceFormat: { type: "volume" },
      priceScaleId: "volume",
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.#candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.24 } });
    this.#volumes.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
  }

  /** Takes its colours from the page. */
  colour(place: HTMLElement): void {
    const style = getComputedStyle(place);
    const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
    this.#up = of("buy-wash");
    this.#down = of("sell-wash");
    this.chart.applyOptions({
      layout: {
        background: { type: ColorType.Solid, color: of("panel") },
        textColor: of("quiet"),
        fontFamily: style.fontFamily,
      },
      grid: { vertLines: { color: of("grid") }, horzLines: { color: of("grid") } },
      crosshair: {
        vertLine: { color: of("faint"), labelBackgroundColor: of("faint") },
        horzLine: { color: of("faint"), labelBackgroundColor: of("faint") },
      },
    });
    this.#candles.applyOptions({
      upColor: of("buy"),
      downColor: of("sell"),
      wickUpColor: of("buy"),
      wickDownColor: of("sell"),
      borderVisible: false,
    });
    this.#draw();
  }

  /** Shows candles, newest first. What is in view stays in view. */
  show(rows: readonly CandleRow[]): void {
    this.#rows = rows.toReversed();
    this.#draw();
  }

  update(row: CandleRow): void {
    const last = this.#rows.at(-1);
    // A candle that was closed before what is shown began changes nothing.
    if (last && Number(row[0]) < Number(last[0])) return;
    if (last?.[0] === row[0]) this.#rows.pop();
    this.#rows.push(row);
    this.#candles.update(toCandle(row));
    this.#volumes.update(toVolume(row, this.#up, this.#down));
  }

  /** Asks for older candles when somebody looks for them; returns how to end that. */
  whenNearTheEdge(ask: (oldest: string) => Promise<CandleRow[]>): () => void {
    let isAsking = false;
    const look = async (range: { from: number } | null) => {
      const oldest = this.#rows[0]?.[0];
      if (!range || !oldest || isAsking || range.from > NEAR_THE_EDGE) return;
      isAsking = true;
      // Without an answer the chart ends here, until somebody scrolls again.
      const older = await ask(oldest).catch(() => []);
      if (!isEnded && older.length) {
        this.#rows = [...older.toReversed(), ...this.#rows];
        this.#draw();
      }
      isAsking = older.length === 0;
    };
    let isEnded = false;
    this.chart.timeScale().subscribeVisibleLogicalRangeChange(look);
    return () => {
      isEnded = true;
      this.chart.timeScale().unsubscribeVisibleLogicalRangeChange(look);
    };
  }

  #draw(): void {
    this.#candles.setData(this.#rows.map(toCandle));
    this.#volumes.setData(this.#rows.map((row) => toVolume(row, this.#up, this.#down)));
  }
}
