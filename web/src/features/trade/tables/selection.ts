/** Which of one's own rows are shown, which of them is meant by keys, and which is being changed. */
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
  edited: string | null;
  /** What a change begins with, by the name of its field, where that is not what the order has. */
  proposed: Readonly<Record<string, string>>;
  isThisMarketOnly: boolean;
  ended: "" | "filled" | "canceled";
  hidesSmall: boolean;
}

const NONE = { selected: null, edited: null, proposed: {} };

export const useShownRows = create<ShownRows>(() => ({
  tab: "Open orders",
  ...NONE,
  isThisMarketOnly: false,
  ended: "",
  hidesSmall: false,
}));

export function showTab(tab: Tab): void {
  useShownRows.setState((now) => (now.tab === tab ? now : { tab, ...NONE }));
}

export function select(id: string | null): void {
  useShownRows.setState({ selected: id });
}

/** Begins to change a row, or ends that; it is the one that keys mean afterwards. */
export function edit(id: string | null, proposed: Record<string, string> = {}): void {
  useShownRows.setState(
    id === null ? { edited: null, proposed } : { edited: id, selected: id, proposed },
  );
}

export function narrow(
  to: Partial<Pick<ShownRows, "isThisMarketOnly" | "ended" | "hidesSmall">>,
): void {
  useShownRows.setState({ ...NONE, ...to });
}
