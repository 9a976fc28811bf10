/** The order that is being written: what the ticket shows, and what the book and the keys change in it. */
import { create } from "zustand";
import type { OrderKind, Side } from "@/api/types";
import { decimal, typed } from "@/lib/decimal";

/** Orders that go to the book at once, and three kinds that wait for a price first. */
export type TicketKind = OrderKind | WaitingKind;
export type WaitingKind = "tp_sl" | "trigger" | "trailing";

/** Take-profit and stop-loss: a price to wait for, and the price of the order; that one empty for the best in the book. */
export interface LegTexts {
  takeAt: string;
  takePrice: string;
  stopAt: string;
  stopPrice: string;
}

export interface Draft extends LegTexts {
  side: Side;
  kind: TicketKind;
  /** Of the order; for one that waits, empty for the best in the book. */
  price: string;
  /** The text of the field that was typed last; the other one follows from it. */
  quantity: string;
  by: "amount" | "total";
  /** Whether take-profit and stop-loss are attached to an order that goes to the book. */
  hasLegs: boolean;
  triggerAt: string;
  distance: string;
  distanceIn: "percent" | "price";
  /** Where a trailing stop starts to follow; empty for at once. */
  activeAt: string;
}

/** Fields that hold a price. */
export type PriceField = "price" | "triggerAt" | "activeAt" | keyof LegTexts;

const WRITTEN = {
  price: "",
  quantity: "",
  by: "amount",
  hasLegs: false,
  takeAt: "",
  takePrice: "",
  stopAt: "",
  stopPrice: "",
  triggerAt: "",
  distance: "",
  activeAt: "",
} as const;

export const BLANK: Draft = { side: "buy", kind: "limit", distanceIn: "percent", ...WRITTEN };

export const useDraft = create<Draft>(() => BLANK);

export function change(part: Partial<Draft>): void {
  useDraft.setState(part);
}

/** Another kind of order: the price of one that goes to the book says nothing about one that waits. */
export function chooseKind(kind: TicketKind): void {
  const isOther = waits(kind) !== waits(useDraft.getState().kind);
  change({ kind, ...(isOther && { price: "" }) });
}

/** Begins anew on another market; side and kind stay. */
export function blank(): void {
  useDraft.setState(WRITTEN);
}

export function waits(kind: TicketKind): kind is WaitingKind {
  return kind === "tp_sl" || kind === "trigger" || kind === "trailing";
}

/** The price that keys move while no field has them; null where there is none to move. */
export function mainPrice(kind: TicketKind): PriceField | null {
  if (kind === "market" || kind === "trailing") return null;
  return kind === "trigger" ? "triggerAt" : kind === "tp_sl" ? "takeAt" : "price";
}

/** The name of the field in which one begins to write an order of a kind. */
export function firstField(kind: TicketKind): string {
  return mainPrice(kind) ?? (kind === "market" ? "amount" : "distance");
}

/** Moves a price by so many ticks; from `start` when there is none yet. */
export function stepPrice(field: PriceField, ticks: number, tick: string, start: string): void {
  const now = typed(useDraft.getState()[field]) ?? decimal(start);
  const width = decimal(tick);
  if (!now || !width) return;
  const whole = now.div(width).round(0, 0).plus(ticks).times(width);
  if (whole.gt(0)) change({ [field]: whole.toFixed() });
}
