import { type Decimal, placesOf, shown } from "@/lib/decimal";

/** An amount as it is, with groups and without zeros that say nothing. */
export function amountText(amount: Decimal): string {
  return shown(amount, placesOf(amount.toFixed()));
}
