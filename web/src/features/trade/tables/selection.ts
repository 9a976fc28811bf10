/** Which of one's own rows are shown, and which of them is meant by keys. */
import { create } from "zustand";

export const TABS = [
  "Open orders",
  "Trigger orders",
  "Order history",
  "Trigger history",
  "Fills",
  "Balances",
] as const;
export type Tab = (typeof TABS)[number];

interface ShownRows {
  tab: Tab;
  /** The number of an order or of a trigger order of the tab. */
  selected: string | null;
}

export const useShownRows = create<ShownRows>(() => ({ tab: "Open orders", selected: null }));

export function showTab(tab: Tab): void {
  useShownRows.setState((now) => (now.tab === tab ? now : { tab, selected: null }));
}

export function select(id: string | null): void {
  useShownRows.setState({ selected: id });
}
