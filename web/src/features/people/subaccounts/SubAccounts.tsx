import { useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { subAccounts } from "@/api/subAccounts";
import { useTask } from "@/lib/useTask";
import { Bones } from "@/ui/Bones";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { Trouble } from "@/ui/Trouble";
import { SubAccountItem } from "./SubAccountItem";
import { useSubAccounts } from "./useSubAccounts";

/** Accounts of the same person with money and keys of their own. */
export function SubAccounts() {
  const queries = useQueryClient();
  const known = useSubAccounts();
  const { isBusy, failure, run } = useTask();

  function open(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get("subAcct"));
    void run(async () => {
      await subAccounts.open(name);
      form.reset();
      await queries.invalidateQueries({ queryKey: ["sub-accounts"] });
    });
  }

  return (
    <section className="panel" aria-labelledby="sub-accounts">
      <header>
        <h2 id="sub-accounts">Sub-accounts</h2>
        <span className="quiet">with money and keys of their own</span>
      </header>
      <div className="body">
        <form className="across to-open" onSubmit={open} autoComplete="off">
          <Field
            label="Name, 1 to 20 letters and digits"
            name="subAcct"
            pattern="[A-Za-z0-9]{1,20}"
            maxLength={20}
            placeholder="grid1"
            title="1 to 20 letters and digits"
            required
          />
          <Button type="submit" disabled={isBusy}>
            Open a sub-account
          </Button>
        </form>
        {failure && <Notice kind="error">{failure.message}</Notice>}
        {known.isPending && <Bones rows={2} />}
        {known.isError && !known.data && (
          <Trouble error={known.error} again={() => void known.refetch()} />
        )}
        {known.data?.length === 0 && (
          <Empty title="No sub-accounts yet">
            One for each program keeps its money and its mistakes apart from yours.
          </Empty>
        )}
        {!!known.data?.length && (
          <ul className="sub-accounts">
            {known.data.map((one) => (
              <SubAccountItem key={one.uid} account={one} />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
