import { type FormEvent, useState } from "react";
import { refresh, useSession } from "@/api/session";
import { type Enrolment, site } from "@/api/site";
import { useTask } from "@/lib/useTask";
import { Button } from "@/ui/Button";
import { Copy } from "@/ui/Copy";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { QrCode } from "@/ui/QrCode";
import { CodeField } from "./CodeField";

/** Turns the second factor on, by a QR code and a code that proves that it was read, and off. */
export function SecondFactor() {
  const me = useSession((session) => session.me);
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const { isBusy, failure, run } = useTask();

  function confirm(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code"));
    void run(async () => {
      await site.confirmSecondFactor(code);
      setEnrolment(null);
      await refresh();
    });
  }

  function remove(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    void run(async () => {
      await site.removeSecondFactor(String(given.get("password")), String(given.get("code")));
      await refresh();
    });
  }

  return (
    <section className="panel" aria-labelledby="second-factor">
      <header>
        <h2 id="second-factor">Second factor</h2>
        <span className={me?.hasSecondFactor ? "up" : "quiet"}>
          {me?.hasSecondFactor ? "On" : "Off"}
        </span>
      </header>
      <div className="body">
        {me?.hasSecondFactor ? (
          <>
            <p className="quiet">
              Logging in takes your password and a code of your authenticator.
            </p>
            <form className="body" onSubmit={remove}>
              <div className="pair">
                <Field
                  label="Password"
                  name="password"
                  type="password"
                  autoComplete="current-password"
                  required
                />
                <CodeField label="A code of your authenticator" />
              </div>
              <div className="across">
                <Button look="danger" type="submit" disabled={isBusy}>
                  Turn it off
                </Button>
              </div>
            </form>
          </>
        ) : enrolment ? (
          <form className="across" onSubmit={confirm}>
            <QrCode text={enrolment.uri} label="The secret for your authenticator" />
            <div className="body">
              <p>Read this with an authenticator, or type the secret:</p>
              <div className="across">
                <code className="secret">{enrolment.secret}</code>
                <Copy text={enrolment.secret} />
              </div>
              <CodeField label="The six digits that it shows" autoFocus />
              <div className="across">
                <Button look="main" type="submit" disabled={isBusy}>
                  Turn it on
                </Button>
                <Button onClick={() => setEnrolment(null)}>Not now</Button>
              </div>
            </div>
          </form>
        ) : (
          <div className="across">
            <p className="quiet">A stolen password alone then opens nothing.</p>
            <Button
              disabled={isBusy}
              onClick={() => run(async () => setEnrolment(await site.beginSecondFactor()))}
            >
              Set up
            </Button>
          </div>
        )}
        {failure && <Notice kind="error">{failure.message}</Notice>}
      </div>
    </section>
  );
}
