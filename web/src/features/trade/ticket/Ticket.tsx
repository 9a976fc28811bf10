import { Link } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useSession } from "@/api/session";
import { place, placeTrigger } from "@/api/trading";
import type { Instrument } from "@/api/types";
import { placesOf, shown } from "@/lib/decimal";
import { useAgeing } from "@/lib/useAgeing";
import { useTask } from "@/lib/useTask";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { showTab } from "../tables/selection";
import { Costs } from "./Costs";
import { blank, change, useDraft } from "./draft";
import { quotePlaces } from "./facts";
import { Kinds } from "./Kinds";
import { NumberField } from "./NumberField";
import { Attached, Prices } from "./Prices";
import { other, plan, portion, share } from "./plan";
import { useFacts } from "./useFacts";
import { type Sent, useOutcome } from "./useOutcome";
import "./ticket.css";

const PERCENTS = [10, 25, 50, 75, 100];

/** Writes one order and sends it. */
export function Ticket({ pair }: { pair: Instrument }) {
  const draft = useDraft();
  const facts = useFacts(pair);
  const { estimate, reason, warning, order, trigger } = plan(draft, facts);
  const { isBusy, failure, run, forget } = useTask();
  const [sent, setSent] = useState<Sent | null>(null);
  const [wasTried, setTried] = useState(false);
  const became = useOutcome(pair, sent);
  const hasEnded = useSession((session) => session.hasEnded);
  const { side, by } = draft;
  const isBuy = side === "buy";
  const verb = isBuy ? "Buy" : "Sell";
  const spent = isBuy ? facts.free?.quote : facts.free?.base;
  const spentPlaces = isBuy ? quotePlaces(pair) : placesOf(pair.lotSz);
  const spentName = isBuy ? pair.quoteCcy : pair.baseCcy;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another order is being written
  useEffect(() => setTried(false), [draft]);

  const outcomePlace = useRef<HTMLDivElement>(null);
  const said = failure?.message ?? became?.text;
  useEffect(() => {
    if (said) outcomePlace.current?.scrollIntoView({ block: "nearest" });
  }, [said]);
  useAgeing(became?.text, () => setSent(null));
  useAgeing(failure?.message, forget);

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (!(order || trigger) || isBusy) return;
    setSent(null);
    void run(async () => {
      if (trigger) {
        setSent({ kind: "trigger", id: await placeTrigger(trigger) });
        showTab("Trigger orders");
      } else if (order) {
        setSent({ kind: "order", id: await place(order) });
        if (order.px) showTab("Open orders");
      }
      // Prices to wait for belong to the order that has them; another one has others.
      if (trigger || draft.hasLegs) blank();
      else change({ quantity: "" });
    });
  }

  const quantity = (which: "amount" | "total") =>
    by === which ? draft.quantity : other(draft, estimate, pair);
  return (
    <section className="panel ticket" data-panel="ticket" aria-label="Order ticket" tabIndex={-1}>
      <form onSubmit={submit} autoComplete="off">
        <fieldset className="sides">
          <legend className="unseen">Side</legend>
          {(["buy", "sell"] as const).map((one) => (
            <button
              key={one}
              type="button"
              className={one}
              aria-pressed={side === one}
              onClick={() => change({ side: one })}
            >
              {one === "buy" ? "Buy" : "Sell"}
            </button>
          ))}
        </fieldset>
        <Kinds />
        <div className="available">
          <span>Available</span>
          <span data-stale={(facts.isLoggedIn && !facts.isLive) || undefined}>
            {spent ? shown(spent, spentPlaces) : "–"} {spentName}
          </span>
        </div>
        <Prices facts={facts} />
        <NumberField
          label="Amount"
          name="amount"
          unit={pair.baseCcy}
          value={quantity("amount")}
          onType={(text) => change({ by: "amount", quantity: text })}
        />
        <div className="percents">
          <input
            type="range"
            min="0"
            max="100"
            step="1"
            aria-label={`Percent of what is available, in ${spentName}`}
            value={share(draft, facts, estimate)}
            disabled={!facts.free}
            onChange={(event) => change(portion(draft, facts, Number(event.target.value)))}
          />
          <div>
            {PERCENTS.map((percent) => (
              <button
                key={percent}
                type="button"
                disabled={!facts.free}
                onClick={() => change(portion(draft, facts, percent))}
              >
                {percent} %
              </button>
            ))}
          </div>
        </div>
        <NumberField
          label="Total"
          name="total"
          unit={pair.quoteCcy}
          value={quantity("total")}
          onType={(text) => change({ by: "total", quantity: text })}
        />
        <Attached facts={facts} />
        <Costs facts={facts} estimate={estimate} />
        {facts.isLoggedIn ? (
          <Button
            type="submit"
            className={`button send ${side}`}
            aria-disabled={reason !== null || isBusy}
            aria-describedby="ticket-says"
          >
            {isBusy ? "Sending …" : `${verb} ${pair.baseCcy}`}
          </Button>
        ) : (
          <div className="pair-of-buttons">
            <Link to="/log-in" className="button">
              Log in
            </Link>
            <Link to="/sign-up" className="button main">
              Sign up
            </Link>
          </div>
        )}
        <p id="ticket-says" className={wasTried && reason ? "says tried" : "says"} role="status">
          {facts.isLoggedIn
            ? (reason ?? warning ?? "")
            : hasEnded
              ? "Your session has ended. Log in again to trade."
              : "Anybody may look. To trade, log in."}
        </p>
      </form>
      <div className="became" ref={outcomePlace}>
        {failure && (
          <Notice kind="error" onDismiss={forget}>
            {failure.message}
          </Notice>
        )}
        {became && !failure && (
          <Notice
            {...(became.kind !== "plain" && { kind: became.kind })}
            onDismiss={() => setSent(null)}
          >
            {became.text}
          </Notice>
        )}
      </div>
    </section>
  );
}
