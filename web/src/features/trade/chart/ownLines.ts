/** One's own resting orders as lines on the chart. A mouse can draw one to another price, which proposes to amend it. */
import { type IPriceLine, type ISeriesApi, LineStyle } from "lightweight-charts";
import type { Order } from "@/api/types";
import { decimal } from "@/lib/decimal";
import { remaining } from "../tables/cells";

const REACH_PX = 5;
/** More lines than these would hide the candles: the nearest to the price are drawn, and fewer of them named. */
const DRAWN = 30;
const NAMED = 8;

type Candles = ISeriesApi<"Candlestick">;

export class OwnLines {
  readonly #candles: Candles;
  readonly #place: HTMLElement;
  readonly #tick: string;
  readonly #propose: (order: Order, price: string) => void;
  #lines: { order: Order; line: IPriceLine; isNamed: boolean }[] = [];
  #drawn: { order: Order; line: IPriceLine; price: string } | null = null;

  constructor(
    candles: Candles,
    place: HTMLElement,
    tick: string,
    propose: (order: Order, price: string) => void,
  ) {
    this.#candles = candles;
    this.#place = place;
    this.#tick = tick;
    this.#propose = propose;
    // Before the chart hears of it: a line that is drawn does not move the chart as well.
    place.addEventListener("mousedown", this.#begin, { capture: true });
    place.addEventListener("mousemove", this.#hover);
    window.addEventListener("mousemove", this.#draw);
    window.addEventListener("mouseup", this.#drop);
  }

  end(): void {
    this.#place.removeEventListener("mousedown", this.#begin, { capture: true });
    this.#place.removeEventListener("mousemove", this.#hover);
    window.removeEventListener("mousemove", this.#draw);
    window.removeEventListener("mouseup", this.#drop);
  }

  /** Draws lines of the orders that are nearest to a price. */
  show(orders: readonly Order[], price: number): void {
    for (const { line } of this.#lines) this.#candles.removePriceLine(line);
    this.#drawn = null;
    const style = getComputedStyle(this.#place);
    const away = (order: Order) => Math.abs(Number(order.px) - price);
    const near = orders.toSorted((a, b) => away(a) - away(b)).slice(0, DRAWN);
    this.#lines = near.map((order) => ({
      order,
      isNamed: false,
      line: this.#candles.createPriceLine({
        price: Number(order.px),
        color: style.getPropertyValue(order.side === "buy" ? "--buy" : "--sell").trim(),
        lineStyle: LineStyle.Dashed,
        lineWidth: 1,
        axisLabelVisible: false,
        title: `${order.side === "buy" ? "Buy" : "Sell"} ${remaining(order)}`,
      }),
    }));
    this.refresh();
  }

  /** Names the lines that are in view: the chart would push the names of others into it. */
  refresh(): void {
    let named = 0;
    for (const one of this.#lines) {
      const at = this.#candles.priceToCoordinate(Number(one.order.px));
      const isSeen = at !== null && at >= 0 && at <= this.#place.clientHeight;
      const isNamed = isSeen && named < NAMED;
      if (isNamed) named += 1;
      if (isNamed === one.isNamed) continue;
      one.isNamed = isNamed;
      one.line.applyOptions({ axisLabelVisible: isNamed });
    }
  }

  #under(event: MouseEvent) {
    const y = event.clientY - this.#place.getBoundingClientRect().top;
    return this.#lines.find(({ order }) => {
      const at = this.#candles.priceToCoordinate(Number(order.px));
      return at !== null && Math.abs(at - y) <= REACH_PX;
    });
  }

  #begin = (event: MouseEvent) => {
    const found = event.button === 0 ? this.#under(event) : undefined;
    if (!found) return;
    event.stopPropagation();
    event.preventDefault();
    this.#drawn = { ...found, price: found.order.px };
  };

  #hover = (event: MouseEvent) => {
    this.#place.toggleAttribute("data-holds", !!this.#drawn || !!this.#under(event));
  };

  #draw = (event: MouseEvent) => {
    if (!this.#drawn) return;
    const at = this.#candles.coordinateToPrice(
      event.clientY - this.#place.getBoundingClientRect().top,
    );
    const price = at === null ? null : decimal(String(at));
    if (!price?.gt(0)) return;
    // The chart's number only says which tick is meant; what is sent is that tick's own text.
    this.#drawn.price = price.div(this.#tick).round(0).times(this.#tick).toFixed();
    this.#drawn.line.applyOptions({ price: Number(this.#drawn.price) });
  };

  #drop = () => {
    const drawn = this.#drawn;
    this.#drawn = null;
    if (!drawn) return;
    // It stands where the order stands until the exchange has changed it.
    drawn.line.applyOptions({ price: Number(drawn.order.px) });
    if (!decimal(drawn.price)?.eq(drawn.order.px)) this.#propose(drawn.order, drawn.price);
  };
}
