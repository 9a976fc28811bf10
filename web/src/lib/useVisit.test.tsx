// @vitest-environment jsdom
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useVisit } from "./useVisit";

const place = document.createElement("div");
const root = createRoot(place);

function Visit() {
  return useVisit();
}

function hide(isHidden: boolean): void {
  vi.spyOn(document, "hidden", "get").mockReturnValue(isHidden);
  act(() => document.dispatchEvent(new Event("visibilitychange")));
}

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.useFakeTimers();
  act(() => root.render(<Visit />));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("is over half a minute after the page was hidden, and another one begins afterwards", () => {
  expect(place.textContent).toBe("1");
  hide(true);
  act(() => vi.advanceTimersByTime(29_999));
  expect(place.textContent).toBe("1");
  act(() => vi.advanceTimersByTime(1));
  expect(place.textContent).toBe("0");
  hide(false);
  expect(place.textContent).toBe("2");
  // A glance elsewhere ends nothing.
  hide(true);
  hide(false);
  act(() => vi.advanceTimersByTime(60_000));
  expect(place.textContent).toBe("2");
});
