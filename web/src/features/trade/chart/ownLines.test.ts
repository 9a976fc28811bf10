// @vitest-environment jsdom
import type { ISeriesApi } from "lightweight-charts";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Order } from "@/api/types";
import { OwnLines } from "./ownLines";

/** A chart of 400 pixels whose price falls by one with each of them, from 1,000. */
const named: Record<string, boolean> = {};
const CANDLES = {
  createPriceLine: ({ price }: { price: number }) => ({
    applyOptions: (options: { axisLabelVisible?: boolean }) => {
      if (options.axisLabelVisible !== undefined) named[price] = options.axisLabelVisible;
    },
  }),
  removePriceLine: () => undefined,
  priceToCoordinate: (price: number) => 1_000 - price,
  coordinateToPrice: (y: number) => 1_000.0001 - y,
} as unknown as ISeriesApi<"Candlestick">;

const place = document.createElement("div");
const propose = vi.fn();
let lines: OwnLines;

function order(px: string): Order {
  return { ordId: px, px, sz: "1", accFillSz: "0", side: "buy" } as Order;
}

function mouse(what: string, y: number): Event {
  const event = new MouseEvent(what, { clientY: y, bubbles: true, cancelable: true });
  place.dispatchEvent(event);
  return event;
}

beforeEach(() => {
  Object.defineProperty(place, "clientHeight", { configurable: true, value: 400 });
  document.body.append(place);
  propose.mockClear();
  for (const price of Object.keys(named)) delete named[price];
  lines = new OwnLines(CANDLES, place, "0.5", propose);
});

afterEach(() => lines.end());

it("proposes the tick at which a line was let go", () => {
  lines.show([order("900"), order("800")], 950);
  expect(mouse("mousedown", 103).defaultPrevented).toBe(true);
  mouse("mousemove", 120);
  mouse("mouseup", 120);
  expect(propose).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ px: "900" }), "880");
});

it("proposes nothing for a line that was only touched, and leaves the chart what is not a line", () => {
  lines.show([order("900")], 950);
  mouse("mousedown", 100);
  mouse("mouseup", 100);
  expect(mouse("mousedown", 150).defaultPrevented).toBe(false);
  mouse("mousemove", 160);
  mouse("mouseup", 160);
  expect(propose).not.toHaveBeenCalled();
});

it("names the few nearest lines that are in view", () => {
  const prices = Array.from({ length: 20 }, (_, n) => String(700 - n * 10));
  lines.show(prices.map(order), 950);
  expect(Object.values(named).filter(Boolean)).toHaveLength(8);
  expect(named["700"]).toBe(true);
  expect(named["510"]).toBeUndefined();
});
