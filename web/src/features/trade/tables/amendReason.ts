/** Why an order cannot be changed so; null when it can. */
import type { Instrument, Order } from "@/api/types";
import { decimal, isWhole, typed, ZERO } from "@/lib/decimal";

export function amendReason(
  order: Order,
  price: string,
  size: string,
  pair: Instrument,
): string | null {
  const newPrice = typed(price);
  const newSize = typed(size);
  if (!newPrice?.gt(0)) return "The price is not a number above zero.";
  if (!isWhole(newPrice, pair.tickSz)) return `The price must be a multiple of ${pair.tickSz}.`;
  if (!newSize?.gt(0)) return "The amount is not a number above zero.";
  if (!isWhole(newSize, pair.lotSz)) return `The amount must be a multiple of ${pair.lotSz}.`;
  if (newSize.lt(pair.minSz)) return `The smallest order is ${pair.minSz} ${pair.baseCcy}.`;
  if (newSize.lte(decimal(order.accFillSz) ?? ZERO)) {
    return `${order.accFillSz} ${pair.baseCcy} of it are filled already.`;
  }
  return null;
}
