/** Money on the page: text on the wire, decimals here, never a `number`. */
import Big from "big.js";

Big.DP = 24;
Big.NE = -40;
Big.PE = 40;

export type Decimal = Big;

/** Reads what the exchange sent; null for "", which means that there is none. */
export function decimal(text: string | undefined): Decimal | null {
  return text ? new Big(text) : null;
}

/** Reads what somebody has typed, in the spelling of their country; null when it is no amount. */
export function typed(text: string): Decimal | null {
  const plain = text.trim().replace(/[\s'_]/g, "");
  const both = /[.,].*[.,]/.test(plain);
  const canonical = both
    ? plain.lastIndexOf(",") > plain.lastIndexOf(".")
      ? plain.replaceAll(".", "").replace(",", ".")
      : plain.replaceAll(",", "")
    : plain.replace(",", ".");
  return /^\d{1,20}(\.\d{0,18})?$/.test(canonical) ? new Big(canonical) : null;
}

/** Writes for people: groups of thousands, so many places, cut and not rounded. */
export function shown(value: Decimal, places: number): string {
  const text = value.toFixed(places, Big.roundDown);
  const [whole = "0", fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Writes amounts in few letters: 12.34K, 4.56M, 0.0412. */
export function brief(value: Decimal): string {
  for (const [power, letter] of [
    ["1e12", "T"],
    ["1e9", "B"],
    ["1e6", "M"],
    ["1e3", "K"],
  ] as const) {
    if (value.abs().gte(power)) return `${value.div(power).toFixed(2, Big.roundDown)}${letter}`;
  }
  return value.toFixed(value.abs().lt(1) && !value.eq(0) ? 4 : 2, Big.roundDown);
}

/** The number of places of a step such as "0.001". */
export function placesOf(step: string): number {
  const [, fraction = ""] = step.split(".");
  return fraction.length;
}

/** A change in words, and the class of its colour; "" for none, and for what cannot be told. */
export interface Change {
  text: string;
  tone: "up" | "down" | "";
}

/** How much a price has changed, in percent with two places and a sign. */
export function changeOf(from: Decimal | null, to: Decimal | null): Change {
  if (!from?.gt(0) || !to) return { text: "–", tone: "" };
  const percent = to.minus(from).div(from).times(100).round(2);
  const text = `${percent.abs().toFixed(2)} %`;
  if (percent.eq(0)) return { text, tone: "" };
  return percent.gt(0) ? { text: `+${text}`, tone: "up" } : { text: `−${text}`, tone: "down" };
}

export const ZERO = new Big(0);

/** Rounds down to a whole number of steps. */
export function floorTo(value: Decimal, step: string): Decimal {
  return value.div(step).round(0, Big.roundDown).times(step);
}

/** Whether a value is a whole number of steps. */
export function isWhole(value: Decimal, step: string): boolean {
  return value.mod(step).eq(0);
}
