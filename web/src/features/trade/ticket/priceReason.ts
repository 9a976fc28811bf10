import type { Instrument } from "@/api/types";
import { isWhole, typed } from "@/lib/decimal";

/** Why a text is no price of a market; null when it is one. */
export function priceReason(name: string, text: string, pair: Instrument): string | null {
  if (!text) return `Enter a ${name}.`;
  const price = typed(text);
  if (!price?.gt(0)) return `The ${name} is not a number above zero.`;
  if (!isWhole(price, pair.tickSz)) {
    return `The ${name} must be a multiple of ${pair.tickSz} ${pair.quoteCcy}.`;
  }
  return null;
}
