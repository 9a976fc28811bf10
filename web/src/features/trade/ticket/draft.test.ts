import { beforeEach, expect, it } from "vitest";
import { BLANK, change, chooseKind, useDraft } from "./draft";

beforeEach(() => useDraft.setState(BLANK));

it("keeps its price among kinds that go to the book, and among kinds that wait", () => {
  change({ price: "99.5" });
  chooseKind("post_only");
  expect(useDraft.getState().price).toBe("99.5");
  chooseKind("trigger");
  expect(useDraft.getState()).toMatchObject({ kind: "trigger", price: "" });
  change({ price: "98" });
  chooseKind("tp_sl");
  expect(useDraft.getState().price).toBe("98");
});
