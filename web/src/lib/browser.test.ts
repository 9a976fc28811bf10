import { expect, test } from "vitest";
import { browserName } from "./browser";

const ENGINE = "AppleWebKit/537.36 (KHTML, like Gecko)";

test("a browser is named by its kind, its version and its system", () => {
  const linux = `Mozilla/5.0 (X11; Linux x86_64) ${ENGINE} Chrome/131.0.0.0 Safari/537.36`;
  expect(browserName(linux)).toBe("Chrome 131 on Linux");
  const edge = `Mozilla/5.0 (Windows NT 10.0) ${ENGINE} Chrome/131.0.0.0 Safari/537.36 Edg/131.0`;
  expect(browserName(edge)).toBe("Edge 131 on Windows");
  const phone = `Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) ${ENGINE} Version/18.1 Safari/604.1`;
  expect(browserName(phone)).toBe("Safari 18 on iPhone");
});

test("what is no browser keeps its own words", () => {
  expect(browserName("python-httpx/0.28")).toBe("python-httpx/0.28");
  expect(browserName("")).toBe("unknown");
});
