import { expect, it } from "vitest";
import type { Instrument, Order } from "@/api/types";
import { amendReason } from "./amendReason";

const PAIR = { tickSz: "0.1", lotSz: "0.01", minSz: "0.1", baseCcy: "BTC" } as Instrument;
const ORDER = { px: "100", sz: "2", accFillSz: "0.5" } as Order;

it.each([
  ["100.1", "2", null],
  ["100", "1.5", null],
  ["x", "2", "The price is not a number above zero."],
  ["100.01", "2", "The price must be a multiple of 0.1."],
  ["100", "", "The amount is not a number above zero."],
  ["100", "1.001", "The amount must be a multiple of 0.01."],
  ["100", "0.01", "The smallest order is 0.1 BTC."],
  ["100", "0.5", "0.5 BTC of it are filled already."],
])("an order is changed to %s and %s: %s", (price, size, reason) => {
  expect(amendReason(ORDER, price, size, PAIR)).toBe(reason);
});
