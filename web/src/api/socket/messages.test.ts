import { expect, it } from "vitest";
import { type LinkState, overall } from "./messages";

it.each<[LinkState[], LinkState]>([
  [["idle", "idle", "idle"], "idle"],
  [["idle", "live", "idle"], "live"],
  [["live", "connecting", "idle"], "connecting"],
  [["live", "connecting", "lost"], "lost"],
])("connections that are %j are together %s", (states, together) => {
  expect(overall(states)).toBe(together);
});
