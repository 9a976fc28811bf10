/** Rows of the OKX v5 API, as far as the page reads them. Amounts are text. */

export interface Instrument {
  instId: string;
  baseCcy: string;
  quoteCcy: string;
  tickSz: string;
  lotSz: string;
  minSz: string;
  maxLmtSz: string;
  maxMktSz: string;
  state: string;
}

export interface Ticker {
  instId: string;
  last: string;
  askPx: string;
  askSz: string;
  bidPx: string;
  bidSz: string;
  open24h: string;
  high24h: string;
  low24h: string;
  vol24h: string;
  volCcy24h: string;
  ts: string;
}

export interface Trade {
  instId: string;
  tradeId: string;
  px: string;
  sz: string;
  side: "buy" | "sell";
  ts: string;
}

/** A level of the book: price, size, "0", number of orders. */
export type Level = [string, string, string, string];

export interface BookPush {
  asks: Level[];
  bids: Level[];
  ts: string;
  checksum: number;
  seqId: number;
  prevSeqId: number;
}
