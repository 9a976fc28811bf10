import { Button } from "@/ui/Button";
import { change, useDraft, waits } from "./draft";
import type { Facts } from "./facts";
import { ATTACHED_WORDS } from "./kindWords";
import { NumberField } from "./NumberField";
import { BEST, PriceInput } from "./PriceInput";

/** The prices that the kind of order needs. */
export function Prices({ facts }: { facts: Facts }) {
  const kind = useDraft((draft) => draft.kind);
  switch (kind) {
    case "market":
      return (
        <div className="field-like">
          <span>Price</span>
          <output>{BEST}</output>
        </div>
      );
    case "trigger":
      return (
        <>
          <PriceInput name="triggerAt" label="Fires at" facts={facts} />
          <PriceInput name="price" label="Price" facts={facts} placeholder={BEST} />
        </>
      );
    case "tp_sl":
      return <Legs facts={facts} />;
    case "trailing":
      return (
        <>
          <Distance facts={facts} />
          <PriceInput name="activeAt" label="Starts at" facts={facts} placeholder="At once" />
        </>
      );
    default:
      return (
        <div className="with-best">
          <BestPrice facts={facts} />
          <PriceInput name="price" label="Price" facts={facts} />
        </div>
      );
  }
}

/** Takes the best price of whoever waits on the same side, so that the order joins them. */
function BestPrice({ facts: { asks, bids } }: { facts: Facts }) {
  const side = useDraft((draft) => draft.side);
  const best = (side === "buy" ? bids : asks)[0]?.[0];
  const words = side === "buy" ? "Best bid" : "Best ask";
  return (
    <Button
      disabled={!best}
      title={`${words} in the book`}
      aria-label={words}
      onClick={() => best && change({ price: best })}
    >
      {side === "buy" ? "Bid" : "Ask"}
    </Button>
  );
}

/** Take-profit and stop-loss that begin to wait when the order has been filled. */
export function Attached({ facts }: { facts: Facts }) {
  const { kind, hasLegs } = useDraft();
  if (waits(kind)) return null;
  return (
    <>
      <label className="attach">
        <input
          type="checkbox"
          checked={hasLegs}
          onChange={(event) => change({ hasLegs: event.target.checked })}
        />
        With take profit / stop loss
      </label>
      {hasLegs && (
        <>
          <p className="hint">{ATTACHED_WORDS}</p>
          <Legs facts={facts} />
        </>
      )}
    </>
  );
}

/** Either or both; each with the price of its order. */
function Legs({ facts }: { facts: Facts }) {
  return (
    <>
      <fieldset className="leg">
        <legend>Take profit</legend>
        <PriceInput name="takeAt" label="At" facts={facts} />
        <PriceInput name="takePrice" label="Price" facts={facts} placeholder="Best" />
      </fieldset>
      <fieldset className="leg">
        <legend>Stop loss</legend>
        <PriceInput name="stopAt" label="At" facts={facts} />
        <PriceInput name="stopPrice" label="Price" facts={facts} placeholder="Best" />
      </fieldset>
    </>
  );
}

/** How far a trailing stop follows behind the best price. */
function Distance({ facts }: { facts: Facts }) {
  const { distance, distanceIn } = useDraft();
  return (
    <div className="distance">
      <NumberField
        label="Distance"
        name="distance"
        unit=""
        value={distance}
        onType={(text) => change({ distance: text })}
      />
      <select
        aria-label="Unit of the distance"
        value={distanceIn}
        onChange={(event) => change({ distanceIn: event.target.value as typeof distanceIn })}
      >
        <option value="percent">%</option>
        <option value="price">{facts.pair.quoteCcy}</option>
      </select>
    </div>
  );
}
