import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSession } from "@/api/session";
import { site } from "@/api/site";
import { useTask } from "@/lib/useTask";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { CodeField } from "./CodeField";

/** Changes the password, which ends every other session. */
export function Password() {
  const queries = useQueryClient();
  const me = useSession((session) => session.me);
  const [isChanged, setChanged] = useState(false);
  const { isBusy, failure, run } = useTask();

  function change(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    setChanged(false);
    void run(async () => {
      await site.changePassword({
        current: String(given.get("current")),
        new: String(given.get("new")),
        code: String(given.get("code") ?? ""),
      });
      form.reset();
      setChanged(true);
      await queries.invalidateQueries({ queryKey: ["sessions"] });
    });
  }

  return (
    <section className="panel" aria-labelledby="password">
      <header>
        <h2 id="password">Password</h2>
        <span className="quiet">a change logs you out everywhere else</span>
      </header>
      <form className="body" onSubmit={change}>
        <div className="pair">
          <Field
            label="Current password"
            name="current"
            type="password"
            autoComplete="current-password"
            required
          />
          <Field
            label="New password"
            name="new"
            type="password"
            autoComplete="new-password"
            hint="At least 8 characters. A few unrelated words are best."
            required
          />
          {me?.hasSecondFactor && <CodeField label="Code of your authenticator" />}
        </div>
        <div className="across">
          <Button type="submit" disabled={isBusy}>
            Change password
          </Button>
        </div>
        {failure && <Notice kind="error">{failure.message}</Notice>}
        {isChanged && <Notice kind="good">Your password is changed.</Notice>}
      </form>
    </section>
  );
}
