/** The steps of price in which a book can be read. */
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
