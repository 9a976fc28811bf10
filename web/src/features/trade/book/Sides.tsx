import { memo } from "react";
import { type BookSides, setBookSides } from "./steps";

const VIEWS: readonly [BookSides, string][] = [
  ["both", "Both sides"],
  ["bids", "Bids only"],
  ["asks", "Asks only"],
];

/** Chooses which sides of the book are shown; built again only for another choice, not with each change of the book. */
export const Sides = memo(function Sides({ view }: { view: BookSides }) {
  return (
    <fieldset className="book-sides">
      <legend className="unseen">Sides of the book</legend>
      {VIEWS.map(([name, label]) => (
        <button
          key={name}
          type="button"
          aria-label={label}
          title={label}
          aria-pressed={view === name}
          onClick={() => setBookSides(name)}
        >
          <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
            <rect className={name === "bids" ? "bid" : "ask"} width="14" height="6" rx="1" />
            <rect className={name === "asks" ? "ask" : "bid"} y="8" width="14" height="6" rx="1" />
          </svg>
        </button>
      ))}
    </fieldset>
  );
});
