import { TickMarkType, type UTCTimestamp } from "lightweight-charts";
import { afterEach, expect, it, vi } from "vitest";
import { tickWords, timeWords } from "./times";

const EVENING = (Date.UTC(2026, 10, 25, 20, 0) / 1_000) as UTCTimestamp;

afterEach(() => vi.unstubAllEnvs());

it("tells times in the reader's own zone, as everywhere on the page", () => {
  vi.stubEnv("TZ", "Asia/Kolkata");
  expect(tickWords("1m")(EVENING, TickMarkType.Time)).toBe("01:30");
  expect(timeWords("4H")(EVENING)).toBe("26 Nov 2026, 01:30");
});

it("tells days as days of UTC, which they are", () => {
  vi.stubEnv("TZ", "Asia/Kolkata");
  expect(tickWords("1D")(EVENING, TickMarkType.DayOfMonth)).toBe("25 Nov");
  expect(timeWords("1D")(EVENING)).toBe("25 Nov 2026");
});
