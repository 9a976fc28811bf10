import type { Instrument, Level } from "@/api/types";
import type { Decimal } from "@/lib/decimal";

/** What the browser knows when the ticket is judged. */
export interface Facts {
  pair: Instrument;
  /** What can be spent; null when it is not known. */
  free: { base: Decimal; quote: Decimal } | null;
  /** Rates as parts of one, above zero when they are charged; null when they are not known. */
  fees: { maker: Decimal; taker: Decimal } | null;
  /** Whether the book is known; an unknown one has no levels. */
  isBookHere: boolean;
  asks: readonly Level[];
  bids: readonly Level[];
  /** The price of the last trade; null while there was none. */
  last: Decimal | null;
  isLoggedIn: boolean;
  isLive: boolean;
  /** Not live because a connection was lost; otherwise it is still being made. */
  isLost: boolean;
}

/** Places to which quote money is typed and shown. */
export function quotePlaces(pair: Instrument): number {
  return pair.quoteCcy.startsWith("USD") ? 2 : 8;
}
