import type { FormEvent } from "react";
import type { KeyWish } from "@/api/site";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { addressesOf, Grants, grantedOf } from "./Grants";

interface Props {
  /** What a key may be allowed besides reading, and how that reads. */
  grants: readonly (readonly [string, string])[];
  isBusy: boolean;
  failure: Error | null;
  onWish: (wish: KeyWish, form: HTMLFormElement) => void;
}

/** Says what a new key is to be called, and what it may do from where. */
export function KeyForm({ grants, isBusy, failure, onWish }: Props) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    onWish(
      {
        label: String(given.get("label")),
        passphrase: String(given.get("passphrase")),
        permissions: grantedOf(given),
        addresses: addressesOf(given),
      },
      event.currentTarget,
    );
  }

  return (
    <form className="inner" onSubmit={submit}>
      <div className="pair">
        <Field label="Label" name="label" maxLength={50} placeholder="my bot" required />
        <Field
          label="Passphrase"
          name="passphrase"
          type="password"
          autoComplete="off"
          minLength={8}
          maxLength={32}
          hint="8 to 32 characters. You give it with each request."
          required
        />
        <Field
          label="Only from these addresses"
          name="addresses"
          placeholder="any"
          hint="Up to 20, separated by commas."
        />
      </div>
      <div className="across">
        <Grants grants={grants} granted={["trade"]} />
        <Button look="main" type="submit" disabled={isBusy}>
          Make a key
        </Button>
      </div>
      {failure && <Notice kind="error">{failure.message}</Notice>}
    </form>
  );
}
