import { type SelectHTMLAttributes, useId } from "react";

interface Props extends SelectHTMLAttributes<HTMLSelectElement> {
  label: string;
}

/** A list to choose one from. Its label stands beside it, so that its choices are no part of its name. */
export function Choice({ label, ...select }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} {...select} />
    </div>
  );
}
