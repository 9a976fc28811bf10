/** How members of orders and fills read in tables. */
import type { Instrument, Order, OrderKind, Side } from "@/api/types";
import { decimal, placesOf, shown } from "@/lib/decimal";

const KIND_WORDS: Record<OrderKind, string> = {
  limit: "Limit",
  market: "Market",
  post_only: "Post only",
  fok: "Fill or kill",
  ioc: "IOC",
};

const STATE_WORDS: Record<Order["state"], string> = {
  live: "Waits",
  partially_filled: "Partly filled",
  filled: "Filled",
  canceled: "Canceled",
  mmp_canceled: "Canceled",
};

/** What kind of order, and whether take-profit or stop-loss follow it. */
export function kindWords(order: Order): string {
  return `${KIND_WORDS[order.ordType]}${order.attachAlgoOrds.length ? " + TP / SL" : ""}`;
}

export function sideWord(side: Side): string {
  return side === "buy" ? "Buy" : "Sell";
}

/** What became of an order that is over. */
export function stateWords(order: Order): string {
  const filled = decimal(order.accFillSz);
  return order.state === "canceled" && filled?.gt(0) ? "Partly filled" : STATE_WORDS[order.state];
}

export function priceText(text: string, pair: Instrument | undefined): string {
  const price = decimal(text);
  if (!price?.gt(0)) return "–";
  return pair ? shown(price, placesOf(pair.tickSz)) : price.toFixed();
}

/** A size as it is, without zeros that say nothing. */
export function sizeText(text: string): string {
  const size = decimal(text);
  return size ? shown(size, placesOf(size.toFixed())) : "–";
}

/** How much of an order still waits. */
export function remaining({ sz, accFillSz }: Order): string {
  const left = decimal(sz)?.minus(decimal(accFillSz) ?? 0);
  return left ? sizeText(left.toFixed()) : "–";
}

/** A fee as one feels it: what was paid, or with a plus what one was given. */
export function feeText(fee: string, asset: string): string {
  const value = decimal(fee);
  if (!value || value.eq(0)) return "–";
  return `${value.gt(0) ? "+" : ""}${value.gt(0) ? value.toFixed() : value.abs().toFixed()} ${asset}`;
}
