import { Link } from "@tanstack/react-router";
import type { KeyboardEvent } from "react";
import { useOpenOrders, useOpenTriggers } from "@/api/own";
import { useSession } from "@/api/session";
import type { Instrument } from "@/api/types";
import { Bones } from "@/ui/Bones";
import { Empty } from "@/ui/Empty";
import { Balances } from "./Balances";
import { Fills } from "./Fills";
import { Filters } from "./Filters";
import { History } from "./History";
import { OpenOrders } from "./OpenOrders";
import { showTab, TABS, type Tab, useShownRows } from "./selection";
import { TriggerHistory } from "./TriggerHistory";
import { Triggers } from "./Triggers";
import "./tables.css";

interface Props {
  /** The market of the page. */
  pair: Instrument;
  pairs: ReadonlyMap<string, Instrument>;
}

/** What is one's own, under the chart. */
export function Tables({ pair, pairs }: Props) {
  const { tab, isThisMarketOnly } = useShownRows();
  const only = isThisMarketOnly ? pair.instId : undefined;
  const state = useSession((session) => session.state);
  const counts: Partial<Record<Tab, number | undefined>> = {
    "Open orders": useOpenOrders().rows?.length,
    "Trigger orders": useOpenTriggers().rows?.length,
  };

  function move(event: KeyboardEvent) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.stopPropagation();
    const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length] as Tab;
    showTab(next);
    document.getElementById(idOf(next))?.focus();
  }

  return (
    <section className="panel tables" data-panel="orders" aria-label="Your orders and balances">
      <div className="top">
        <div className="tabs" role="tablist" onKeyDown={move}>
          {TABS.map((name) => (
            <button
              key={name}
              id={idOf(name)}
              type="button"
              role="tab"
              aria-selected={tab === name}
              aria-controls="own-rows"
              tabIndex={tab === name ? 0 : -1}
              onClick={() => showTab(name)}
            >
              {name}
              {counts[name] ? ` (${counts[name]})` : ""}
            </button>
          ))}
        </div>
        {state === "in" && <Filters pair={pair} />}
      </div>
      <div id="own-rows" role="tabpanel" aria-labelledby={idOf(tab)} className="own-rows">
        {state === "unknown" && <Bones rows={4} />}
        {state === "out" && (
          <Empty title="Your orders and balances show here">
            <span>
              <Link to="/log-in">Log in</Link> or <Link to="/sign-up">open an account</Link>; it
              comes with money of this exchange.
            </span>
          </Empty>
        )}
        {state === "in" && tab === "Open orders" && <OpenOrders pairs={pairs} only={only} />}
        {state === "in" && tab === "Trigger orders" && <Triggers pairs={pairs} only={only} />}
        {state === "in" && tab === "Trigger history" && (
          <TriggerHistory pairs={pairs} only={only} />
        )}
        {state === "in" && tab === "Order history" && <History pairs={pairs} only={only} />}
        {state === "in" && tab === "Fills" && <Fills pairs={pairs} only={only} />}
        {state === "in" && tab === "Balances" && <Balances />}
      </div>
    </section>
  );
}

function idOf(tab: Tab): string {
  return `tab-${tab.toLowerCase().replace(" ", "-")}`;
}
