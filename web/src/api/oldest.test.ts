import { expect, it } from "vitest";
import { oldestOf } from "./oldest";

it("finds the oldest of numbers that are too long for a number", () => {
  expect(oldestOf(["9007199254740993", "9007199254740992", "10000000000000000000"])).toBe(
    "9007199254740992",
  );
});

it("leaves out what has no number yet", () => {
  expect(oldestOf(["", "7"])).toBe("7");
  expect(oldestOf([""])).toBeUndefined();
});
