import type { Instrument } from "@/api/types";
import { narrow, useShownRows } from "./selection";

const ENDED = [
  ["", "All"],
  ["filled", "Filled"],
  ["canceled", "Canceled"],
] as const;

/** What narrows the rows of a tab. */
export function Filters({ pair }: { pair: Instrument }) {
  const { tab, isThisMarketOnly, ended, hidesSmall } = useShownRows();
  if (tab === "Balances") {
    return (
      <div className="filters">
        <Check
          label="Hide small"
          title="Hide what is worth less than 1 USD"
          isOn={hidesSmall}
          onChange={(isOn) => narrow({ hidesSmall: isOn })}
        />
      </div>
    );
  }
  return (
    <div className="filters">
      {tab === "Order history" && (
        <select
          aria-label="Which orders"
          value={ended}
          onChange={({ target }) => narrow({ ended: target.value as typeof ended })}
        >
          {ENDED.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      )}
      <Check
        label="This market"
        title={`Only ${pair.instId}`}
        isOn={isThisMarketOnly}
        onChange={(isOn) => narrow({ isThisMarketOnly: isOn })}
      />
    </div>
  );
}

interface CheckProps {
  label: string;
  title?: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

function Check({ label, title, isOn, onChange }: CheckProps) {
  return (
    <label title={title}>
      <input type="checkbox" checked={isOn} onChange={({ target }) => onChange(target.checked)} />
      {label}
    </label>
  );
}
