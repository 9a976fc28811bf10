import { Link } from "@tanstack/react-router";
import { type FormEvent, type KeyboardEvent, useEffect, useState } from "react";
import { useOwn } from "@/api/own";
import { orderNow, place } from "@/api/trading";
import type { Instrument, OrderKind } from "@/api/types";
import { type Decimal, placesOf, shown } from "@/lib/decimal";
import { useTask } from "@/lib/useTask";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { change, stepPrice, useDraft } from "./draft";
import { NumberField } from "./NumberField";
import { other, plan, portion, quotePlaces, share } from "./plan";
import { useFacts } from "./useFacts";
import { type Outcome, outcome } from "./words";
import "./ticket.css";

const KINDS: readonly [OrderKind, string][] = [
  ["limit", "Limit"],
  ["market", "Market"],
  ["post_only", "Post only"],
  ["fok", "Fill or kill"],
  ["ioc", "Immediate or cancel"],
];
const PERCENTS = [10, 25, 50, 75, 100];
/** How long the channel may take to say what became of an order, before it is asked for. */
const PATIENCE_MS = 1_500;

/** Writes one order and sends it. */
export function Ticket({ pair }: { pair: Instrument }) {
  const draft = useDraft();
  const facts = useFacts(pair);
  const { estimate, reason, warning, order } = plan(draft, facts);
  const { isBusy, failure, run } = useTask();
  const [sent, setSent] = useState<string | null>(null);
  const [wasTried, setTried] = useState(false);
  const became = useOutcome(pair, sent);
  const { side, kind, by } = draft;
  const isBuy = side === "buy";
  const isMarket = kind === "market";
  const verb = isBuy ? "Buy" : "Sell";
  const spent = isBuy ? facts.free?.quote : facts.free?.base;
  const spentPlaces = isBuy ? quotePlaces(pair) : placesOf(pair.lotSz);
  const spentName = isBuy ? pair.quoteCcy : pair.baseCcy;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another order is being written
  useEffect(() => setTried(false), [draft]);

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (!order || isBusy) return;
    setSent(null);
    void run(async () => {
      setSent(await place(order));
      change({ quantity: "" });
    });
  }

  function step(event: KeyboardEvent) {
    const ticks = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!ticks) return;
    event.preventDefault();
    stepPrice(event.shiftKey ? ticks * 10 : ticks, pair.tickSz, bestPrice(facts, isBuy));
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
        <fieldset className="kinds">
          <legend className="unseen">Kind of order</legend>
          {KINDS.slice(0, 2).map(([name, label]) => (
            <button
              key={name}
              type="button"
              aria-pressed={kind === name}
              onClick={() => change({ kind: name })}
            >
              {label}
            </button>
          ))}
          <select
            aria-label="More kinds of order"
            data-chosen={kind !== "limit" && !isMarket}
            value={kind === "limit" || isMarket ? "" : kind}
            onChange={(event) => change({ kind: event.target.value as OrderKind })}
          >
            <option value="" hidden>
              More
            </option>
            {KINDS.slice(2).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </fieldset>
        <div className="available">
          <span>Available</span>
          <span data-stale={!facts.isLive || undefined}>
            {spent ? shown(spent, spentPlaces) : "–"} {spentName}
          </span>
        </div>
        {isMarket ? (
          <div className="field-like">
            <span>Price</span>
            <output>Best in the book</output>
          </div>
        ) : (
          <NumberField
            label="Price"
            name="price"
            unit={pair.quoteCcy}
            value={draft.price}
            onType={(price) => change({ price })}
            onKeyDown={step}
          />
        )}
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
        <dl className="costs">
          <div>
            <dt>{isMarket ? "Average price, about" : isBuy ? "Cost" : "Proceeds"}</dt>
            <dd>
              {estimate
                ? `${shown(isMarket ? estimate.price : estimate.total, isMarket ? placesOf(pair.tickSz) : quotePlaces(pair))} ${pair.quoteCcy}`
                : "–"}
            </dd>
          </div>
          <div>
            <dt>{estimate?.fee?.rate.lt(0) ? "Rebate" : "Fee"}</dt>
            <dd>
              {estimate?.fee
                ? `${feeText(estimate.fee.amount, estimate.fee.asset, pair)} (${estimate.fee.rate.abs().times(100).toFixed()} %)`
                : "–"}
            </dd>
          </div>
        </dl>
        {facts.isLoggedIn ? (
          <Button
            type="submit"
            className={`button send ${side}`}
            aria-disabled={!order || isBusy}
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
          {facts.isLoggedIn ? (reason ?? warning ?? "") : "Anybody may look. To trade, log in."}
        </p>
      </form>
      <div className="became">
        {failure && <Notice kind="error">{failure.message}</Notice>}
        {became && !failure && (
          <Notice {...(became.kind !== "plain" && { kind: became.kind })}>{became.text}</Notice>
        )}
      </div>
    </section>
  );
}

function bestPrice(facts: ReturnType<typeof useFacts>, isBuy: boolean): string {
  return (isBuy ? facts.bids : facts.asks)[0]?.[0] ?? "";
}

function feeText(fee: Decimal, asset: string, pair: Instrument): string {
  const places = asset === pair.quoteCcy ? quotePlaces(pair) + 2 : 8;
  return `${fee.abs().round(places, 3).toFixed()} ${asset}`;
}

/** What became of the order that was sent: as the channel says, or as REST says when that is silent. */
function useOutcome(pair: Instrument, ordId: string | null): Outcome | null {
  const pushed = useOwn((own) => (ordId ? own.orders[ordId] : undefined));
  useEffect(() => {
    if (!ordId || pushed) return;
    const timer = setTimeout(async () => {
      const order = await orderNow({ instId: pair.instId, ordId }).catch(() => undefined);
      if (order)
        useOwn.setState((own) => ({
          orders: { [ordId]: { ...order, connection: 0 }, ...own.orders },
        }));
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [ordId, pushed, pair]);
  if (!ordId) return null;
  if (!pushed) return { kind: "plain", text: "Sent. Waiting for the exchange …" };
  return outcome(pushed, pair);
}
