import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { enter, useSession } from "@/api/session";
import { site } from "@/api/site";
import { lastPlace } from "@/lib/place";
import { useTask } from "@/lib/useTask";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { CodeField } from "./CodeField";
import "./people.css";

const FIRST_PLACE = "/trade/BTC-USDT";

/** Signing up and logging in. */
export function Entry({ isNew }: { isNew: boolean }) {
  const { isBusy, failure, run } = useTask();
  const [needsCode, setNeedsCode] = useState(false);
  const hasEnded = useSession((session) => session.hasEnded);
  const navigate = useNavigate();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    const who = { email: given.email ?? "", password: given.password ?? "" };
    void run(async () => {
      try {
        const code = given.code;
        await enter(await (isNew ? site.signUp(who) : site.logIn(code ? { ...who, code } : who)));
        await navigate({ to: lastPlace() ?? FIRST_PLACE });
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "code_needed") {
          setNeedsCode(true);
          return;
        }
        throw error;
      }
    });
  }

  return (
    <main className="entry panel">
      <h1>{isNew ? "Open an account" : "Log in"}</h1>
      {isNew && (
        <p className="quiet">
          You begin with 100,000 USDT, 50,000 USDC, 2 BTC and 20 ETH of this exchange. None of it is
          money.
        </p>
      )}
      {!isNew && hasEnded && <Notice>Your session has ended. Log in again.</Notice>}
      <form onSubmit={submit}>
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          required
          autoFocus
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete={isNew ? "new-password" : "current-password"}
          required
          {...(isNew && { hint: "At least 8 characters. A few unrelated words are best." })}
        />
        {needsCode && <CodeField label="Code of your authenticator" autoFocus />}
        {failure && <Notice kind="error">{failure.message}</Notice>}
        <Button look="main" type="submit" disabled={isBusy}>
          {isBusy ? "One moment …" : isNew ? "Sign up" : "Log in"}
        </Button>
      </form>
      <p className="quiet">
        {isNew ? "You have an account? " : "You are new here? "}
        <Link to={isNew ? "/log-in" : "/sign-up"}>{isNew ? "Log in" : "Open an account"}</Link>
      </p>
    </main>
  );
}
