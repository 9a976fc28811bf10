/** Which markets a table is about. */
import type { Shown } from "@/api/own";
import type { Instrument } from "@/api/types";

export interface Scope {
  pairs: ReadonlyMap<string, Instrument>;
  /** The one market whose rows are shown; undefined for all. */
  only: string | undefined;
}

export function inScope<T extends { instId: string }>(shown: Shown<T>, { only }: Scope): Shown<T> {
  if (only === undefined) return shown;
  return { ...shown, rows: shown.rows?.filter(({ instId }) => instId === only) };
}
