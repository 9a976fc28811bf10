import { expect, it } from "vitest";
import { decimal } from "@/lib/decimal";
import { cut } from "./paint";
import { stepsOf } from "./steps";

it("steps are powers of ten of the tick, while they are small beside the price", () => {
  expect(stepsOf("0.1", decimal("65000"))).toEqual(["0.1", "1", "10", "100"]);
  expect(stepsOf("0.0001", decimal("1"))).toEqual(["0.0001", "0.001"]);
  expect(stepsOf("0.01", decimal("0.5"))).toEqual(["0.01"]);
});

it("texts are cut to their places and never rounded", () => {
  expect(cut("1234567.899", 2)).toBe("1,234,567.89");
  expect(cut("5", 3)).toBe("5.000");
  expect(cut("0.99", 0)).toBe("0");
});
