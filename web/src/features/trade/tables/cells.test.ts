import { expect, it } from "vitest";
import { sizeText } from "./cells";

it.each([
  ["74300", "74,300"],
  ["1234.5600", "1,234.56"],
  ["0.00024", "0.00024"],
  ["", "–"],
])("a size is read in thousands, without zeros that say nothing: %s", (text, words) => {
  expect(sizeText(text)).toBe(words);
});
