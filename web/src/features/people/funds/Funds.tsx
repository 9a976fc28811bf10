import { HoldingsTable } from "./HoldingsTable";
import { useOwnWallets } from "./useWallets";

/** What the account has, and where. */
export function Funds() {
  return (
    <section className="panel" aria-labelledby="funds">
      <header>
        <h2 id="funds">Balances</h2>
        <span className="quiet">orders take from trading, funding keeps</span>
      </header>
      <HoldingsTable
        held={useOwnWallets()}
        empty={{
          title: "Nothing in either wallet",
          help: "What you buy, and what is transferred to you, shows here.",
        }}
      />
    </section>
  );
}
