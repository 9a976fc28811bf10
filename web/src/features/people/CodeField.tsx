import { Field } from "@/ui/Field";

/** Six digits of an authenticator. */
export function CodeField({ label, autoFocus }: { label: string; autoFocus?: boolean }) {
  return (
    <Field
      label={label}
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern="[0-9]{6}"
      required
      autoFocus={autoFocus}
    />
  );
}
