import { expect, it } from "vitest";
import { lastPlace, passedBy } from "./place";

it("remembers where somebody was, but not the doors that lead in", () => {
  expect(lastPlace()).toBeNull();
  for (const path of ["/trade/ETH-USDT", "/markets", "/log-in", "/sign-up"]) passedBy(path);
  expect(lastPlace()).toBe("/trade/ETH-USDT");
  passedBy("/account");
  expect(lastPlace()).toBe("/account");
});
