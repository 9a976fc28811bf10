import { useSession } from "@/api/session";
import { Keys } from "./Keys";
import { Password } from "./Password";
import { SecondFactor } from "./SecondFactor";
import { Sessions } from "./Sessions";
import "./people.css";

/** What a person can do about their own entry. */
export function Account() {
  const me = useSession((session) => session.me);
  return (
    <main className="account">
      <div>
        <h1>Account</h1>
        <p className="quiet">
          {me?.email} · uid {me?.uid}
        </p>
      </div>
      <Keys />
      <SecondFactor />
      <Password />
      <Sessions />
    </main>
  );
}
