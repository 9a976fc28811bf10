import { useSession } from "@/api/session";
import { site } from "@/api/site";
import { KeyDesk } from "./KeyDesk";

/** The API keys of a person's main account. */
export function Keys() {
  const uid = useSession(({ me }) => me?.uid ?? "");
  return (
    <section className="panel" aria-labelledby="keys">
      <header>
        <h2 id="keys">API keys</h2>
        <span className="quiet">for your programs</span>
      </header>
      <div className="body">
        <KeyDesk
          queryKey={["keys", uid]}
          grantable={["trade", "withdraw"]}
          list={site.keys}
          make={site.makeKey}
          remove={site.deleteKey}
        />
      </div>
    </section>
  );
}
