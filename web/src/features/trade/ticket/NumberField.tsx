import type { KeyboardEvent, ReactNode } from "react";

interface Props {
  label: string;
  name: string;
  unit: ReactNode;
  value: string;
  /** What holds while nothing is typed. */
  placeholder?: string;
  onType: (text: string) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}

/** An amount of something: text, because a browser's number would round it. */
export function NumberField({ label, name, unit, value, placeholder, onType, onKeyDown }: Props) {
  return (
    <label className="field-like">
      <span>{label}</span>
      <input
        name={name}
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span className="unit">{unit}</span>
    </label>
  );
}
