import { type FormEvent, useId, useState } from "react";
import { type Place, transfer } from "@/api/funds";
import { typed } from "@/lib/decimal";
import { useTask } from "@/lib/useTask";
import { Button } from "@/ui/Button";
import { Choice } from "@/ui/Choice";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { useSubAccounts } from "../subaccounts/useSubAccounts";
import { amountText } from "./amounts";
import { free } from "./holdings";
import { FUNDING, placeId, places, placeWords, TRADING, transferReason } from "./places";
import { useFundsMoved, useOwnWallets, useWalletsOf } from "./useWallets";

/** Moves money between one's own wallets and those of sub-accounts. */
export function Transfer() {
  const [from, setFrom] = useState(TRADING);
  const [to, setTo] = useState(FUNDING);
  const [wanted, setWanted] = useState("");
  const [text, setText] = useState("");
  const [wasTried, setTried] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const { isBusy, failure, run, forget } = useTask();
  const moved = useFundsMoved();
  const says = useId();
  const known = useSubAccounts().data ?? [];
  const all = places(known.map(({ subAcct }) => subAcct));

  const own = useOwnWallets();
  const theirs = useWalletsOf(from.subAccount);
  const { rows } = from.subAccount ? theirs : own;
  const there = rows?.filter((one) => free(one, from).gt(0)) ?? [];
  const chosen = there.find(({ ccy }) => ccy === wanted) ?? there[0];
  const ccy = chosen?.ccy ?? "";
  const available = rows ? free(chosen, from) : null;
  const reason = transferReason(from, to, ccy, text, available);

  /** What is said belongs to what was written. */
  function writes(change: () => void) {
    change();
    setTried(false);
    setDone(null);
    forget();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    const amount = typed(text);
    if (reason || !amount || isBusy) return;
    setDone(null);
    void run(async () => {
      await transfer(from, to, ccy, amount.toFixed());
      setDone(`${amountText(amount)} ${ccy} moved: ${placeWords(from)} → ${placeWords(to)}.`);
      setText("");
      setTried(false);
      await moved();
    });
  }

  const placed = (id: string) => all.find((one) => placeId(one) === id) ?? TRADING;
  return (
    <section className="panel" aria-labelledby="transfer">
      <header>
        <h2 id="transfer">Transfer</h2>
        <span className="quiet">at once, and free</span>
      </header>
      <form className="body" onSubmit={submit} autoComplete="off">
        <div className="transfer">
          <Where
            label="From"
            at={from}
            all={all}
            onChoose={(id) => writes(() => setFrom(placed(id)))}
          />
          <Button
            aria-label="Swap from and to"
            title="Swap from and to"
            onClick={() =>
              writes(() => {
                setFrom(to);
                setTo(from);
              })
            }
          >
            ⇄
          </Button>
          <Where label="To" at={to} all={all} onChoose={(id) => writes(() => setTo(placed(id)))} />
        </div>
        <div className="transfer">
          <Choice
            label="Currency"
            name="ccy"
            value={ccy}
            disabled={!there.length}
            onChange={({ target }) => writes(() => setWanted(target.value))}
          >
            {there.length === 0 && <option value="">–</option>}
            {there.map((one) => (
              <option key={one.ccy}>{one.ccy}</option>
            ))}
          </Choice>
          <Button
            disabled={!available?.gt(0)}
            onClick={() => writes(() => setText(available?.toFixed() ?? ""))}
          >
            All
          </Button>
          <Field
            label="Amount"
            name="amt"
            inputMode="decimal"
            value={text}
            onChange={({ target }) => writes(() => setText(target.value))}
          />
        </div>
        <div className="across">
          <Button
            look="main"
            type="submit"
            aria-disabled={reason !== null || isBusy}
            aria-describedby={says}
          >
            {isBusy ? "One moment …" : "Transfer"}
          </Button>
          <p id={says} className={wasTried && reason ? "down" : "quiet"} role="status">
            {available && ccy && `Available ${amountText(available)} ${ccy}. `}
            {reason}
          </p>
        </div>
        {failure && <Notice kind="error">{failure.message}</Notice>}
        {done && <Notice kind="good">{done}</Notice>}
      </form>
    </section>
  );
}

interface WhereProps {
  label: string;
  at: Place;
  all: readonly Place[];
  onChoose: (id: string) => void;
}

function Where({ label, at, all, onChoose }: WhereProps) {
  return (
    <Choice label={label} value={placeId(at)} onChange={({ target }) => onChoose(target.value)}>
      {all.map((one) => (
        <option key={placeId(one)} value={placeId(one)}>
          {placeWords(one)}
        </option>
      ))}
    </Choice>
  );
}
