/** What lies over the page: the market picker, the key map, or nothing. */
import { create } from "zustand";

export const useOverlay = create<{ open: "picker" | "keys" | null }>(() => ({ open: null }));

export function openPicker(): void {
  useOverlay.setState({ open: "picker" });
}

export function openKeyMap(): void {
  useOverlay.setState({ open: "keys" });
}

export function closeOverlay(): void {
  useOverlay.setState({ open: null });
}
