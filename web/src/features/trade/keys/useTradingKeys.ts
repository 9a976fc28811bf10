import { useEffect, useRef } from "react";
import { openKeyMap, openPicker, useOverlay } from "./overlays";

/** What keys can do on the trade page. */
export interface Doings {
  side(side: "buy" | "sell"): void;
  kind(kind: "limit" | "market" | "trigger"): void;
  percent(percent: number): void;
  step(ticks: number): void;
  send(): void;
  amendSelected(): void;
  cancelSelected(): void;
  cancelAll(): void;
  /** Wider steps of the book, or finer ones. */
  widen(by: 1 | -1): void;
}

const PERCENTS = [10, 25, 50, 75, 100];

/** Listens to keys. In a text field only Escape means something here; the field itself knows arrows and Enter. */
export function useTradingKeys(doings: Doings): void {
  const latest = useRef(doings);
  latest.current = doings;
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        openPicker();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || useOverlay.getState().open) return;
      const place = event.target instanceof HTMLElement ? event.target : document.body;
      if (event.key === "Escape") leave(place);
      else if (!takesText(place) && act(event, place, latest.current)) event.preventDefault();
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);
}

/** A field of the ticket is left for the ticket, where keys work again. */
function leave(place: HTMLElement): void {
  const ticket = place.closest<HTMLElement>(".ticket");
  place.blur();
  if (ticket && place !== ticket) ticket.focus();
}

function takesText(place: HTMLElement): boolean {
  return place.matches("input:not([type=range]), select, textarea, [contenteditable]");
}

function act(event: KeyboardEvent, place: HTMLElement, doings: Doings): boolean {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const percent = PERCENTS[Number(key) - 1];
  if (percent) doings.percent(percent);
  else if (key === "b") doings.side("buy");
  else if (key === "s") doings.side("sell");
  else if (key === "l") doings.kind("limit");
  else if (key === "m") doings.kind("market");
  else if (key === "t") doings.kind("trigger");
  else if (key === "x" && event.shiftKey) doings.cancelAll();
  else if (key === "x") doings.cancelSelected();
  else if (key === "a") doings.amendSelected();
  else if (key === "[") doings.widen(-1);
  else if (key === "]") doings.widen(1);
  else if (key === "?") openKeyMap();
  else if ((key === "ArrowUp" || key === "ArrowDown") && place.matches(".ticket, body")) {
    doings.step((key === "ArrowUp" ? 1 : -1) * (event.shiftKey ? 10 : 1));
  } else if (key === "Enter" && place.matches(".ticket")) doings.send();
  else return false;
  return true;
}
