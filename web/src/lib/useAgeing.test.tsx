// @vitest-environment jsdom
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SAID_MS, useAgeing } from "./useAgeing";

const putAway = vi.fn();
let root: Root;

function Saying({ text }: { text?: string }) {
  useAgeing(text, putAway);
  return text ?? null;
}

function say(text?: string): void {
  act(() => root.render(text === undefined ? <Saying /> : <Saying text={text} />));
}

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.useFakeTimers();
  putAway.mockClear();
  root = createRoot(document.createElement("div"));
});

afterEach(() => {
  act(() => root.unmount());
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("puts away what has stood for a minute", () => {
  say("Bought 1 BTC.");
  vi.advanceTimersByTime(SAID_MS - 1);
  expect(putAway).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(putAway).toHaveBeenCalledOnce();
});

it("lets what has changed stand anew, and what is only drawn again grow older", () => {
  say("Your order waits.");
  vi.advanceTimersByTime(SAID_MS - 1);
  say("Bought 1 BTC.");
  vi.advanceTimersByTime(SAID_MS - 1);
  say("Bought 1 BTC.");
  expect(putAway).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(putAway).toHaveBeenCalledOnce();
});

it("has nothing to put away when nothing is said, or when it was put away by hand", () => {
  say();
  say("Bought 1 BTC.");
  say();
  vi.advanceTimersByTime(2 * SAID_MS);
  expect(putAway).not.toHaveBeenCalled();
});
