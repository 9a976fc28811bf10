import { useEffect } from "react";
import { watchOwn } from "@/api/own";
import { useSession } from "@/api/session";
import { Funds } from "./funds/Funds";
import { Transfer } from "./funds/Transfer";
import { Keys } from "./keys/Keys";
import { Password } from "./Password";
import { SecondFactor } from "./SecondFactor";
import { Sessions } from "./Sessions";
import { SubAccounts } from "./subaccounts/SubAccounts";
import "./funds/funds.css";
import "./people.css";

/** What a person has, and what they can do about their own entry. */
export function Account() {
  const me = useSession((session) => session.me);
  useEffect(watchOwn, []);
  return (
    <main className="account">
      <div>
        <h1>Account</h1>
        <p className="quiet">
          {me?.email} · uid {me?.uid}
        </p>
      </div>
      <Funds />
      <Transfer />
      <SubAccounts />
      <Keys />
      <SecondFactor />
      <Password />
      <Sessions />
    </main>
  );
}
