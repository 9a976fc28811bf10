/** The steps of price in which a book can be read. */
import { create } from "zustand";
import { type Decimal, decimal } from "@/lib/decimal";

const POWERS = [1, 10, 100, 1_000];

/** A tick and its powers of ten, while they are small beside the price. */
export function stepsOf(tick: string, last: Decimal | null): string[] {
  const width = decimal(tick);
  if (!width) return [tick];
  const steps = POWERS.map((power) => width.times(power));
  return steps
    .filter((step, n) => n === 0 || !last || step.times(200).lte(last))
    .map((step) => step.toFixed());
}

export type BookSides = "both" | "bids" | "asks";

interface Reading {
  /** Which of the steps is shown, counted from the finest; a market with fewer shows its widest. */
  level: number;
  view: BookSides;
}

/** How the book is read. */
export const useReading = create<Reading>(() => ({ level: 0, view: "both" }));

export function setBookStep(level: number): void {
  useReading.setState({ level: Math.max(0, Math.min(level, POWERS.length - 1)) });
}

export function setBookSides(view: BookSides): void {
  useReading.setState({ view });
}
