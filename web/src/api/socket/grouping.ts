/** A side of a book in steps of price, with what has summed up from the best price on. */
import type { Level, Side } from "../types";

export interface BookStep {
  price: string;
  size: string;
  total: string;
}

/** How somebody wants to see a book. Places are those of its tick and its lot. */
export interface Grouping {
  step: string;
  pricePlaces: number;
  sizePlaces: number;
}

/** Bids fall to the step below, asks rise to the step above, so that no price looks better than it is. */
export function grouped(
  levels: readonly Level[],
  side: Side,
  { step, pricePlaces, sizePlaces }: Grouping,
  count: number,
): BookStep[] {
  const width = scaled(step, pricePlaces);
  const steps: { price: bigint; size: bigint }[] = [];
  for (const [price, size] of levels) {
    const exact = scaled(price, pricePlaces);
    const place =
      side === "buy" ? exact - (exact % width) : exact + ((width - (exact % width)) % width);
    const last = steps.at(-1);
    if (last?.price === place) last.size += scaled(size, sizePlaces);
    else if (steps.length === count) break;
    else steps.push({ price: place, size: scaled(size, sizePlaces) });
  }
  let total = 0n;
  return steps.map(({ price, size }) => {
    total += size;
    return {
      price: unscaled(price, pricePlaces),
      size: unscaled(size, sizePlaces),
      total: unscaled(total, sizePlaces),
    };
  });
}

function scaled(text: string, places: number): bigint {
  const [whole = "0", fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(places, "0").slice(0, places));
}

function unscaled(value: bigint, places: number): string {
  if (places === 0) return String(value);
  const text = String(value).padStart(places + 1, "0");
  return `${text.slice(0, -places)}.${text.slice(-places)}`;
}
