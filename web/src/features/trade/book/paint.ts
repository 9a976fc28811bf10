/** Draws a book onto a canvas. Numbers are for drawing only; the texts are the exchange's. */
import type { BookStep } from "@/api/socket/grouping";
import type { BookView } from "@/api/socket/messages";
import { brief, decimal, ZERO } from "@/lib/decimal";
import type { BookSides } from "./steps";

export interface Look {
  text: string;
  quiet: string;
  faint: string;
  buy: string;
  sell: string;
  buyWash: string;
  sellWash: string;
  line: string;
  raised: string;
  accent: string;
  mono: string;
}

export interface Scene {
  book: BookView;
  width: number;
  height: number;
  view: BookSides;
  /** The least height of a row. */
  row: number;
  pricePlaces: number;
  sizePlaces: number;
  /** Prices at which one has orders, in steps. */
  mine: ReadonlySet<string>;
  /** The row under the pointer. */
  hovered: number | null;
  spread: string;
  last: string;
  /** Whether the last price came from below; null while nobody knows. */
  isUp: boolean | null;
}

/** What decides where rows are. */
export type Place = Pick<Scene, "book" | "height" | "row" | "view">;

const EDGE = 10;
const SPREAD_HEIGHT = 30;
/** Room for the last price and two more numbers beside it. */
const WIDE = 270;

/** Where each row is, from the top; asks stand on their head, so that both best prices meet at the spread. */
export function layout({ book, height, row: least, view }: Place) {
  const room = (height - SPREAD_HEIGHT) / (view === "both" ? 2 : 1);
  const count = Math.max(1, Math.floor(room / least));
  // What is left over belongs to all rows, so that none of the panel is empty.
  const row = Math.max(least, Math.floor(room / count));
  const asks = view === "bids" ? [] : book.askSteps.slice(0, count);
  const bids = view === "asks" ? [] : book.bidSteps.slice(0, count);
  const middle = view === "bids" ? 0 : count * row;
  const rows = [
    ...asks.map((step, n) => ({ step, side: "sell" as const, top: middle - (n + 1) * row })),
    ...bids.map((step, n) => ({
      step,
      side: "buy" as const,
      top: middle + SPREAD_HEIGHT + n * row,
    })),
  ];
  return { rows, middle, row };
}

export function rowAt(scene: Place, y: number) {
  const { rows, row } = layout(scene);
  return rows.findIndex(({ top }) => y >= top && y < top + row);
}

export function paint(canvas: CanvasRenderingContext2D, scene: Scene, look: Look): void {
  const { width, height } = scene;
  canvas.clearRect(0, 0, width, height);
  canvas.font = `12px ${look.mono}`;
  canvas.textBaseline = "middle";
  const { rows, middle, row } = layout(scene);
  const deepest = Math.max(...rows.map(({ step }) => Number(step.total)), 0) || 1;
  for (const [n, { step, side, top }] of rows.entries()) {
    const depth = (Number(step.total) / deepest) * width;
    canvas.fillStyle = side === "buy" ? look.buyWash : look.sellWash;
    canvas.fillRect(width - depth, top, depth, row - 1);
    if (n === scene.hovered) {
      canvas.fillStyle = look.raised;
      canvas.globalAlpha = 0.6;
      canvas.fillRect(0, top, width, row - 1);
      canvas.globalAlpha = 1;
    }
    if (scene.mine.has(step.price)) {
      canvas.fillStyle = look.accent;
      canvas.fillRect(0, top + 3, 3, row - 7);
    }
    line(canvas, scene, step, top + row / 2, side === "buy" ? look.buy : look.sell, look);
  }
  const { hovered } = scene;
  const words = hovered === null ? `spread ${scene.spread}` : upTo(rows, hovered, scene);
  spreadRow(canvas, scene, words, middle, look);
}

/** What one would trade at on average, and for how much, from the best price up to a row. */
function upTo(rows: ReturnType<typeof layout>["rows"], hovered: number, scene: Scene): string {
  const row = rows[hovered];
  if (!row) return `spread ${scene.spread}`;
  const steps = rows.filter(({ side }) => side === row.side).map(({ step }) => step);
  const taken = steps.slice(0, steps.indexOf(row.step) + 1);
  const amount = taken.reduce((sum, { size }) => sum + Number(size), 0);
  const money = taken.reduce((sum, { price, size }) => sum + Number(price) * Number(size), 0);
  const average = cut((money / amount).toFixed(scene.pricePlaces), scene.pricePlaces);
  const sum = scene.width < WIDE ? "" : ` · ${brief(decimal(money.toFixed(2)) ?? ZERO)}`;
  return `avg ${average}${sum}`;
}

function line(
  canvas: CanvasRenderingContext2D,
  scene: Scene,
  step: BookStep,
  y: number,
  colour: string,
  look: Look,
): void {
  const { width, pricePlaces, sizePlaces } = scene;
  canvas.textAlign = "left";
  canvas.fillStyle = colour;
  canvas.fillText(cut(step.price, pricePlaces), EDGE, y);
  canvas.textAlign = "right";
  canvas.fillStyle = look.text;
  canvas.fillText(sizeCut(step.size, sizePlaces), width * 0.64, y);
  canvas.fillStyle = look.quiet;
  canvas.fillText(cut(step.total, sizePlaces), width - EDGE, y);
}

function spreadRow(
  canvas: CanvasRenderingContext2D,
  scene: Scene,
  words: string,
  top: number,
  look: Look,
): void {
  const y = top + SPREAD_HEIGHT / 2;
  canvas.fillStyle = look.line;
  canvas.fillRect(0, top + 1, scene.width, 1);
  canvas.fillRect(0, top + SPREAD_HEIGHT - 2, scene.width, 1);
  canvas.textAlign = "left";
  canvas.fillStyle = scene.isUp === null ? look.text : scene.isUp ? look.buy : look.sell;
  canvas.font = `600 15px ${look.mono}`;
  const arrow = scene.isUp === null ? "" : scene.isUp ? "▲" : "▼";
  canvas.fillText(`${scene.last} ${arrow}`, EDGE, y);
  canvas.font = `12px ${look.mono}`;
  canvas.textAlign = "right";
  canvas.fillStyle = look.quiet;
  canvas.fillText(words, scene.width - EDGE, y);
}

/** Cuts a text to so many places and groups its thousands. */
export function cut(text: string, places: number): string {
  const [whole = "0", fraction = ""] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return places > 0 ? `${grouped}.${fraction.padEnd(places, "0").slice(0, places)}` : grouped;
}

/** A size likewise; one that the places cannot show is said to be smaller than the smallest that they can. */
export function sizeCut(text: string, places: number): string {
  const shown = cut(text, places);
  return Number(text) > 0 && !/[1-9]/.test(shown) ? `<${shown.slice(0, -1)}1` : shown;
}

export function lookOf(place: Element): Look {
  const style = getComputedStyle(place);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: of("text"),
    quiet: of("quiet"),
    faint: of("faint"),
    buy: of("buy"),
    sell: of("sell"),
    buyWash: of("buy-wash"),
    sellWash: of("sell-wash"),
    line: of("line"),
    raised: of("raised"),
    accent: of("accent"),
    mono: of("mono"),
  };
}
