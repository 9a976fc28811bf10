import type { KeyboardEvent } from "react";
import { change, type PriceField, stepPrice, useDraft } from "./draft";
import type { Facts } from "./facts";
import { NumberField } from "./NumberField";

export const BEST = "Best in the book";

interface Props {
  name: PriceField;
  label: string;
  facts: Facts;
  /** What holds while it is empty. */
  placeholder?: string;
}

/** A price of the draft; arrows move it by ticks. */
export function PriceInput({ name, label, facts, placeholder }: Props) {
  const value = useDraft((draft) => draft[name]);

  function step(event: KeyboardEvent) {
    const ticks = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!ticks) return;
    event.preventDefault();
    stepPrice(name, event.shiftKey ? ticks * 10 : ticks, facts.pair.tickSz, startOf(name, facts));
  }

  return (
    <NumberField
      label={label}
      name={name}
      unit={facts.pair.quoteCcy}
      value={value}
      {...(placeholder !== undefined && { placeholder })}
      onType={(text) => change({ [name]: text })}
      onKeyDown={step}
    />
  );
}

/** Where arrows begin: an order's price at the best in the book, what waits at the last price. */
export function startOf(name: PriceField, { asks, bids, last }: Facts): string {
  if (name !== "price") return last?.toFixed() ?? "";
  return (useDraft.getState().side === "buy" ? bids : asks)[0]?.[0] ?? "";
}
