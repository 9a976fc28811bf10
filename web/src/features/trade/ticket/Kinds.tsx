import type { OrderKind } from "@/api/types";
import { chooseKind, type TicketKind, useDraft, type WaitingKind } from "./draft";
import { kindWords } from "./kindWords";

const SHOWN: readonly [TicketKind, string][] = [
  ["limit", "Limit"],
  ["market", "Market"],
  ["trigger", "Trigger"],
];
const AT_ONCE: readonly [OrderKind, string][] = [
  ["post_only", "Post only"],
  ["fok", "Fill or kill"],
  ["ioc", "IOC"],
];
const WAITING: readonly [WaitingKind, string][] = [
  ["tp_sl", "TP / SL"],
  ["trailing", "Trailing"],
];

/** Chooses the kind of order. */
export function Kinds() {
  const { kind, side } = useDraft();
  const isShown = SHOWN.some(([name]) => name === kind);
  const words = kindWords(kind, side);
  return (
    <>
      <fieldset className="kinds">
        <legend className="unseen">Kind of order</legend>
        {SHOWN.map(([name, label]) => (
          <button
            key={name}
            type="button"
            aria-pressed={kind === name}
            onClick={() => chooseKind(name)}
          >
            {label}
          </button>
        ))}
        <select
          aria-label="More kinds of order"
          data-chosen={!isShown}
          value={isShown ? "" : kind}
          onChange={(event) => chooseKind(event.target.value as TicketKind)}
        >
          <option value="" hidden>
            More
          </option>
          <optgroup label="Goes to the book">{AT_ONCE.map(option)}</optgroup>
          <optgroup label="Waits for a price">{WAITING.map(option)}</optgroup>
        </select>
      </fieldset>
      {words && (
        <p className="hint" role="status">
          {words}
        </p>
      )}
    </>
  );
}

function option([name, label]: readonly [TicketKind, string]) {
  return (
    <option key={name} value={name}>
      {label}
    </option>
  );
}
