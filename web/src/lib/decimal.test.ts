import { describe, expect, it } from "vitest";
import { brief, changeOf, decimal, placesOf, shown, typed } from "./decimal";

describe("amounts", () => {
  it("are exact, however small or large", () => {
    expect(decimal("0.000000000000000001")?.plus("1").toFixed()).toBe("1.000000000000000001");
    expect(decimal("")).toBeNull();
  });

  it.each([
    ["1,5", "1.5"],
    ["1.5", "1.5"],
    ["1,234.5", "1234.5"],
    ["1.234,5", "1234.5"],
    ["1'234.5", "1234.5"],
    [" 12 ", "12"],
    ["7.", "7"],
  ])("typed as %s are %s", (text, value) => {
    expect(typed(text)?.toFixed()).toBe(value);
  });

  it.each(["", "-1", "1e5", "abc", "1.2.3.4x", "0x10", "٣"])("typed as %j are none", (text) => {
    expect(typed(text)).toBeNull();
  });

  it("are cut for reading, never rounded up", () => {
    const value = decimal("1234567.899");
    expect(value && shown(value, 2)).toBe("1,234,567.89");
    expect(value && shown(value, 0)).toBe("1,234,567");
    expect(value && brief(value)).toBe("1.23M");
  });

  it("have the places of their step", () => {
    expect([placesOf("0.001"), placesOf("1"), placesOf("0.10")]).toEqual([3, 0, 2]);
  });

  it("change with a sign and a colour; none has neither", () => {
    const [hundred, ninety] = [decimal("100"), decimal("90")];
    expect(changeOf(hundred, ninety)).toEqual({ text: "−10.00 %", tone: "down" });
    expect(changeOf(ninety, hundred)).toEqual({ text: "+11.11 %", tone: "up" });
    expect(changeOf(hundred, decimal("99.999"))).toEqual({ text: "0.00 %", tone: "" });
    expect(changeOf(null, hundred)).toEqual({ text: "–", tone: "" });
  });
});
