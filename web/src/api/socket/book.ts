/**
 * A copy of an order book: a snapshot, then changes that are chained by sequence numbers and carry a checksum.
 * Source: OKX v5, "Order book channel".
 */
import type { BookPush, Level } from "../types";
import { crc32 } from "./crc32";

const SUMMED = 25;

/** The copy differs from the exchange's book: it must begin anew. */
export class Diverged extends Error {}

/** One side: levels by price, best first. */
class Side {
  levels: Level[] = [];
  readonly #sign: 1 | -1;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  change(level: Level): void {
    const place = this.#place(level[0]);
    const isKnown = this.levels[place]?.[0] === level[0];
    const isGone = level[1] === "0";
    if (isGone && !isKnown) return;
    this.levels.splice(place, isKnown ? 1 : 0, ...(isGone ? [] : [level]));
  }

  /** Binary search; prices of one book have few digits, so a `number` orders them well. */
  #place(price: string): number {
    const wanted = Number(price) * this.#sign;
    let low = 0;
    let high = this.levels.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Number(this.levels[middle]?.[0]) * this.#sign < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export class Book {
  #asks = new Side(1);
  #bids = new Side(-1);
  #seq = -1;
  time = 0;

  get asks(): readonly Level[] {
    return this.#asks.levels;
  }

  get bids(): readonly Level[] {
    return this.#bids.levels;
  }

  /** Begins with all levels. */
  begin(push: BookPush): void {
    this.#asks = new Side(1);
    this.#bids = new Side(-1);
    this.#asks.levels = [...push.asks];
    this.#bids.levels = [...push.bids];
    this.#took(push);
  }

  /** Takes over changes; throws `Diverged` when they do not follow what is here. */
  change(push: BookPush): void {
    if (push.prevSeqId !== this.#seq) throw new Diverged(`${push.prevSeqId} after ${this.#seq}`);
    for (const level of push.asks) this.#asks.change(level);
    for (const level of push.bids) this.#bids.change(level);
    this.#took(push);
  }

  #took(push: BookPush): void {
    if (this.checksum() !== push.checksum) throw new Diverged("the checksum is another");
    this.#seq = push.seqId;
    this.time = Number(push.ts);
  }

  /** CRC-32 over bid and ask by turns. */
  checksum(): number {
    const parts: string[] = [];
    for (let n = 0; n < SUMMED; n += 1) {
      for (const level of [this.bids[n], this.asks[n]]) {
        if (level) parts.push(level[0], level[1]);
      }
    }
    return crc32(parts.join(":"));
  }
}
