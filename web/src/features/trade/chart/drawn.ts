/** Candles and volumes on a canvas of lightweight-charts. */
import {
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  createChart,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type MouseEventParams,
} from "lightweight-charts";
import type { CandleRow } from "@/api/types";
import { placesOf } from "@/lib/decimal";
import { cut } from "../book/paint";
import { type BarName, toCandle, toVolume } from "./candles";
import { tickWords, timeWords } from "./times";

/** Older candles are asked for when so few are left to the left of what is seen. */
const NEAR_THE_EDGE = 20;

export class Drawn {
  readonly chart: IChartApi;
  readonly candles: ISeriesApi<"Candlestick">;
  readonly #volumes: ISeriesApi<"Histogram">;
  #rows: CandleRow[] = [];
  #pointed: MouseEventParams["logical"];
  #tell: () => void = () => undefined;
  #up = "";
  #down = "";

  constructor(place: HTMLElement, tick: string, bar: BarName) {
    const places = placesOf(tick);
    this.chart = createChart(place, {
      autoSize: true,
      // Its logo comes with a style element, which our policy forbids; the panel's foot names its makers.
      layout: { attributionLogo: false, fontSize: 11 },
      crosshair: { mode: CrosshairMode.Normal },
      rightPriceScale: { borderVisible: false },
      timeScale: {
        borderVisible: false,
        timeVisible: true,
        secondsVisible: false,
        rightOffset: 4,
        tickMarkFormatter: tickWords(bar),
      },
      localization: {
        locale: "en-GB",
        timeFormatter: timeWords(bar),
        priceFormatter: (price: number) => cut(price.toFixed(places), places),
      },
    });
    const format = { type: "price", precision: places, minMove: Number(tick) } as const;
    this.candles = this.chart.addSeries(CandlestickSeries, { priceFormat: format });
    this.#volumes = this.chart.addSeries(HistogramSeries, {
      priceFormat: { type: "volume" },
      priceScaleId: "volume",
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.24 } });
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
    this.candles.applyOptions({
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
    this.#tell();
  }

  update(row: CandleRow): void {
    const last = this.#rows.at(-1);
    // A candle that was closed before what is shown began changes nothing.
    if (last && Number(row[0]) < Number(last[0])) return;
    if (last?.[0] === row[0]) this.#rows.pop();
    this.#rows.push(row);
    this.candles.update(toCandle(row));
    this.#volumes.update(toVolume(row, this.#up, this.#down));
  }

  /** Tells again what is looked at: the newest candle has changed. */
  tellAgain(): void {
    this.#tell();
  }

  /** Tells which candle is looked at: the one under the pointer, or else the newest; returns how to end that. */
  whenLookedAt(tell: (row: CandleRow | undefined) => void): () => void {
    const look = ({ logical }: { logical?: MouseEventParams["logical"] }) => {
      this.#pointed = logical;
      tell(this.#rows[logical ?? this.#rows.length - 1] ?? this.#rows.at(-1));
    };
    this.#tell = () => look({ logical: this.#pointed });
    this.#tell();
    this.chart.subscribeCrosshairMove(look);
    return () => {
      this.#tell = () => undefined;
      this.chart.unsubscribeCrosshairMove(look);
    };
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
    this.candles.setData(this.#rows.map(toCandle));
    this.#volumes.setData(this.#rows.map((row) => toVolume(row, this.#up, this.#down)));
  }
}
