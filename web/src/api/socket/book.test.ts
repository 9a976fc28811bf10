import { describe, expect, it } from "vitest";
import type { BookPush, Level } from "../types";
import { Book, Diverged } from "./book";
import { crc32 } from "./crc32";

const level = (price: string, size: string): Level => [price, size, "0", "1"];

function push(asks: Level[], bids: Level[], seq: number, previous: number, sum: string): BookPush {
  return { asks, bids, ts: "5", checksum: crc32(sum), seqId: seq, prevSeqId: previous };
}

describe("a copy of a book", () => {
  it("sums as the API documents", () => {
    expect(crc32("3366.1:7:3366.8:9:3366:6:3368:8")).toBe(-1881014294);
  });

  it("follows its changes", () => {
    const book = new Book();
    book.begin(
      push(
        [level("10", "1"), level("12", "2")],
        [level("9", "3"), level("7", "4")],
        5,
        -1,
        "9:3:10:1:7:4:12:2",
      ),
    );
    book.change(
      push(
        [level("10", "0"), level("11", "5")],
        [level("8", "6"), level("9", "2")],
        9,
        5,
        "9:2:11:5:8:6:12:2:7:4",
      ),
    );
    expect(book.asks.map(([price, size]) => `${price}:${size}`)).toEqual(["11:5", "12:2"]);
    expect(book.bids.map(([price, size]) => `${price}:${size}`)).toEqual(["9:2", "8:6", "7:4"]);
  });

  it("notices a gap and a wrong sum", () => {
    const book = new Book();
    book.begin(push([level("10", "1")], [], 5, -1, "10:1"));
    expect(() => book.change(push([], [level("9", "1")], 8, 7, "9:1:10:1"))).toThrow(Diverged);
    expect(() => book.change(push([], [level("9", "1")], 8, 5, "9:2:10:1"))).toThrow(Diverged);
  });

  it("goes away with a level that was never there", () => {
    const book = new Book();
    book.begin(push([level("10", "1")], [], 5, -1, "10:1"));
    book.change(push([level("11", "0")], [], 6, 5, "10:1"));
    expect(book.asks).toHaveLength(1);
  });
});
