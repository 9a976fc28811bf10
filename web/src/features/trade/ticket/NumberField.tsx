import type { KeyboardEvent } from "react";

interface Props {
  label: string;
  name: string;
  unit: string;
  value: string;
  onType: (text: string) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}

/** An amount of something: text, because a browser's number would round it. */
export function NumberField({ label, name, unit, value, onType, onKeyDown }: Props) {
  return (
    <label className="field-like">
      <span>{label}</span>
      <input
        name={name}
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span className="unit">{unit}</span>
    </label>
  );
}
