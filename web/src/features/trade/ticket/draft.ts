/** The order that is being written: what the ticket shows, and what the book and the keys change in it. */
import { create } from "zustand";
import type { OrderKind, Side } from "@/api/types";
import { decimal, typed } from "@/lib/decimal";

export interface Draft {
  side: Side;
  kind: OrderKind;
  price: string;
  /** The text of the field that was typed last; the other one follows from it. */
  quantity: string;
  by: "amount" | "total";
}

const BLANK: Draft = { side: "buy", kind: "limit", price: "", quantity: "", by: "amount" };

export const useDraft = create<Draft>(() => BLANK);

export function change(part: Partial<Draft>): void {
  useDraft.setState(part);
}

/** Begins anew on another market; side and kind stay. */
export function blank(): void {
  useDraft.setState({ price: "", quantity: "", by: "amount" });
}

/** Moves the price by so many ticks; from `start` when there is none yet. */
export function stepPrice(ticks: number, tick: string, start: string): void {
  const now = typed(useDraft.getState().price) ?? decimal(start);
  const width = decimal(tick);
  if (!now || !width) return;
  const whole = now.div(width).round(0, 0).plus(ticks).times(width);
  if (whole.gt(0)) change({ price: whole.toFixed() });
}
