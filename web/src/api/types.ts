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
  maxMktAmt: string;
  groupId: string;
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

export type Side = "buy" | "sell";
export type OrderKind = "limit" | "market" | "post_only" | "fok" | "ioc";

/** What waits for a price: take-profit or stop-loss, both, a plain trigger, a trailing stop. */
export type TriggerKind = "conditional" | "oco" | "trigger" | "move_order_stop";

/** Two prices to wait for, and the price of the order that follows; "-1" for a market order, "" for none. */
export interface Legs {
  tpTriggerPx: string;
  tpOrdPx: string;
  slTriggerPx: string;
  slOrdPx: string;
}

export interface Order {
  instId: string;
  ordId: string;
  side: Side;
  ordType: OrderKind;
  px: string;
  sz: string;
  tgtCcy: string;
  accFillSz: string;
  avgPx: string;
  state: "live" | "partially_filled" | "filled" | "canceled" | "mmp_canceled";
  fee: string;
  feeCcy: string;
  cancelSourceReason: string;
  /** What begins to wait when this has been filled. */
  attachAlgoOrds: Legs[];
  cTime: string;
  uTime: string;
}

/** An event of an order: what it is now, and the fill that made it so. */
export interface OrderPush extends Order {
  tradeId: string;
  fillPx: string;
  fillSz: string;
  fillFee: string;
  fillFeeCcy: string;
  fillTime: string;
  execType: "T" | "M" | "";
  amendResult: string;
}

/** A trigger order: becomes an order when its price is reached. */
export interface Trigger extends Legs {
  instId: string;
  algoId: string;
  /** The order that it has become; "" for none. */
  ordId: string;
  ordType: TriggerKind;
  side: Side;
  sz: string;
  tgtCcy: "base_ccy" | "quote_ccy";
  state: "live" | "effective" | "canceled" | "order_failed";
  triggerPx: string;
  ordPx: string;
  callbackRatio: string;
  callbackSpread: string;
  activePx: string;
  /** The price that fired it. */
  last: string;
  failCode: string;
  failReason: string;
  cTime: string;
  uTime: string;
}

export interface Fill {
  instId: string;
  tradeId: string;
  /** Its place among all of them; "" while only a channel has told of it. */
  billId: string;
  ordId: string;
  side: Side;
  fillPx: string;
  fillSz: string;
  fee: string;
  feeCcy: string;
  execType: "T" | "M" | "";
  ts: string;
}

export interface Balance {
  ccy: string;
  eq: string;
  availBal: string;
  frozenBal: string;
  eqUsd: string;
  /** What one of it is worth in USD. */
  coinUsdPrice: string;
}

/** What the funding wallet has of one currency. */
export interface FundingBalance {
  ccy: string;
  bal: string;
  availBal: string;
}

export interface AccountRow {
  totalEq: string;
  details: Balance[];
}

/** Rates as parts of one; negative is charged, positive is paid. */
export interface FeeRates {
  feeGroup: { groupId: string; maker: string; taker: string }[];
}

/** Opening time, open, high, low, close, volume in base and (twice) quote money, and "1" when it is closed. */
export type CandleRow = [string, string, string, string, string, string, string, string, string];
