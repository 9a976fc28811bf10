import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { decimal, typed } from "@/lib/decimal";
import { useTask } from "@/lib/useTask";
import { Button } from "@/ui/Button";
import { useShownRows } from "./selection";

/** One number of an order that can be changed. */
export interface Change<Name extends string> {
  name: Name;
  label: string;
  value: string;
}

interface Props<Name extends string> {
  head: ReactNode;
  changes: readonly Change<Name>[];
  /** Why it cannot be changed so; null when it can. */
  reason: (texts: Record<Name, string>) => string | null;
  send: (changed: Partial<Record<Name, string>>) => Promise<void>;
  onEnd: () => void;
}

/** One row whose numbers are being changed; only what differs is sent. */
export function Amending<Name extends string>({ head, changes, reason, send, onEnd }: Props<Name>) {
  const proposed = useShownRows((now) => now.proposed);
  const begun = () =>
    Object.fromEntries(changes.map(({ name, value }) => [name, proposed[name] ?? value])) as Record<
      Name,
      string
    >;
  const [texts, setTexts] = useState(begun);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another proposal begins anew
  useEffect(() => setTexts(begun), [proposed]);
  const { isBusy, failure, run } = useTask();
  const changed = changes.filter(({ name, value }) => !typed(texts[name])?.eq(decimal(value) ?? 0));
  const why = reason(texts) ?? (changed.length ? null : "Nothing is changed yet.");

  function submit(event: FormEvent) {
    event.preventDefault();
    if (why) return;
    void run(async () => {
      const wanted = changed.map(({ name }) => [name, typed(texts[name])?.toFixed()]);
      await send(Object.fromEntries(wanted));
      onEnd();
    });
  }

  return (
    <form
      className="amending"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onEnd();
      }}
    >
      {head}
      {changes.map(({ name, label }, n) => (
        <label key={name}>
          {label}{" "}
          <input
            inputMode="decimal"
            value={texts[name]}
            // biome-ignore lint/a11y/noAutofocus: somebody has just asked to change it
            autoFocus={n === 0}
            onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
          />
        </label>
      ))}
      <Button type="submit" look="main" disabled={isBusy || why !== null}>
        Change
      </Button>
      <Button onClick={onEnd}>Leave it</Button>
      <span role="status" className={failure ? "down" : "quiet"}>
        {failure?.message ?? why}
      </span>
    </form>
  );
}
