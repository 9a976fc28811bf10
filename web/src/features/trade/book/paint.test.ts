import { expect, it } from "vitest";
import { cut, layout, rowAt, sizeCut } from "./paint";

it("cuts a text to places and groups its thousands", () => {
  expect(cut("1234567.891", 2)).toBe("1,234,567.89");
  expect(cut("0.00000001", 8)).toBe("0.00000001");
  expect(cut("12", 0)).toBe("12");
});

it("says of a size that its places cannot show that it is smaller than the smallest", () => {
  expect(sizeCut("0.0004", 3)).toBe("<0.001");
  expect(sizeCut("0.4", 0)).toBe("<1");
  expect(sizeCut("0.0014", 3)).toBe("0.001");
  expect(sizeCut("0", 3)).toBe("0.000");
});

it("gives the whole height to rows, with both best prices at the spread", () => {
  const step = (price: string) => ({ price, size: "1", total: "1" });
  const book = {
    instId: "A-B",
    step: "1",
    askSteps: ["11", "12", "13"].map(step),
    bidSteps: ["10", "9", "8"].map(step),
    asks: [],
    bids: [],
    time: 0,
  };
  const scene = { book, height: 30 + 2 * 69, row: 20, view: "both" as const };
  const { rows, row, middle } = layout(scene);
  expect(row).toBe(23);
  expect(rows).toHaveLength(6);
  expect(rows[0]).toMatchObject({ step: { price: "11" }, top: middle - 23 });
  expect(rows[rowAt(scene, middle + 31)]?.step.price).toBe("10");
  expect(rowAt(scene, middle + 5)).toBe(-1);

  const bids = layout({ ...scene, view: "bids" });
  expect(bids.middle).toBe(0);
  expect(bids.rows.map(({ step }) => step.price)).toEqual(["10", "9", "8"]);
  const asks = layout({ ...scene, view: "asks" });
  expect(asks.rows[0]?.top).toBe(asks.middle - asks.row);
});
