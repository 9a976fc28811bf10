import type { FormEvent } from "react";
import type { Key, KeyChange } from "@/api/site";
import { useTask } from "@/lib/useTask";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { addressesOf, Grants, grantedOf } from "./Grants";

interface Props {
  row: Key;
  grants: readonly (readonly [string, string])[];
  change: (wanted: KeyChange) => Promise<void>;
  onEnd: () => void;
}

/** What a key is called, and what it may do from where, being changed; its secret stays. */
export function KeyChanging({ row, grants, change, onEnd }: Props) {
  const { isBusy, failure, run } = useTask();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    void run(async () => {
      await change({
        label: String(given.get("label")),
        permissions: grantedOf(given),
        addresses: addressesOf(given),
      });
      onEnd();
    });
  }

  return (
    <form
      className="inner changing"
      aria-label={`Change ${row.label}`}
      onSubmit={submit}
      onKeyDown={({ key }) => key === "Escape" && onEnd()}
    >
      <div className="pair">
        <Field
          label="Label"
          name="label"
          maxLength={50}
          defaultValue={row.label}
          required
          autoFocus
        />
        <Field
          label="Only from these addresses"
          name="addresses"
          placeholder="any"
          defaultValue={row.addresses.join(", ")}
          hint="Up to 20, separated by commas."
        />
      </div>
      <div className="across">
        <Grants grants={grants} granted={row.permissions} />
        <Button look="main" type="submit" disabled={isBusy}>
          Change
        </Button>
        <Button onClick={onEnd}>Leave it</Button>
      </div>
      {failure && <Notice kind="error">{failure.message}</Notice>}
    </form>
  );
}
