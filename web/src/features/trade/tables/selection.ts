/** Which of one's open orders is meant by keys. */
import { create } from "zustand";

export const useSelection = create<{ ordId: string | null }>(() => ({ ordId: null }));

export function select(ordId: string | null): void {
  useSelection.setState({ ordId });
}
