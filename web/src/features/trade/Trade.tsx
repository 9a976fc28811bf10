import { useEffect, useMemo, useState } from "react";
import { useFirstTickers, useInstruments } from "@/api/market";
import { useOpenOrders, useOpenTriggers, watchOwn } from "@/api/own";
import { useSession } from "@/api/session";
import { listen, useStreams } from "@/api/socket/stream";
import { cancel, cancelTriggers } from "@/api/trading";
import type { Instrument } from "@/api/types";
import { decimal, placesOf, shown } from "@/lib/decimal";
import { useTask } from "@/lib/useTask";
import { Bones } from "@/ui/Bones";
import { Empty } from "@/ui/Empty";
import { Notice } from "@/ui/Notice";
import { Trouble } from "@/ui/Trouble";
import { BookPanel } from "./book/BookPanel";
import { ChartPanel } from "./chart/ChartPanel";
import { KeyMap } from "./keys/KeyMap";
import { useOverlay } from "./keys/overlays";
import { useTradingKeys } from "./keys/useTradingKeys";
import { MarketPicker } from "./MarketPicker";
import { NewcomerCard } from "./newcomer/NewcomerCard";
import { Strip } from "./Strip";
import { Tape } from "./Tape";
import { select, useShownRows } from "./tables/selection";
import { Tables } from "./tables/Tables";
import { blank, change, firstField, mainPrice, stepPrice, useDraft } from "./ticket/draft";
import { startOf } from "./ticket/PriceInput";
import { portion } from "./ticket/plan";
import { Ticket } from "./ticket/Ticket";
import { useFacts } from "./ticket/useFacts";
import "./overlays.css";
import "./trade.css";

/** The trade page of one market. */
export function Trade({ instId }: { instId: string }) {
  const instruments = useInstruments();
  const pair = instruments.data?.find((one) => one.instId === instId);
  if (instruments.isError) {
    return (
      <main>
        <Trouble error={instruments.error} again={() => void instruments.refetch()} />
      </main>
    );
  }
  if (!instruments.data) {
    return (
      <main>
        <Bones rows={12} />
      </main>
    );
  }
  if (!pair) {
    return (
      <main>
        <Empty title={`There is no market called “${instId}”`} />
      </main>
    );
  }
  return <Market key={instId} pair={pair} pairs={instruments.data} />;
}

const TABS = ["Chart", "Book", "Trade", "Orders"] as const;

function Market({ pair, pairs }: { pair: Instrument; pairs: Instrument[] }) {
  const { instId } = pair;
  const first = useFirstTickers();
  const live = useStreams((streams) => streams.tickers[instId]);
  const ticker = live ?? first.data?.rows.find((row) => row.instId === instId);
  const isIn = useSession((session) => session.state === "in");
  const overlay = useOverlay(({ open }) => open);
  const [tab, setTab] = useState<(typeof TABS)[number]>("Chart");
  const [side, setSide] = useState<"book" | "tape">("book");
  const byName = useMemo(() => new Map(pairs.map((one) => [one.instId, one])), [pairs]);
  const keys = useKeys(pair);

  useEffect(() => listen("public", { channel: "tickers", instId }), [instId]);
  useEffect(() => (isIn ? watchOwn() : undefined), [isIn]);
  useEffect(blank, []);
  const last = decimal(ticker?.last);
  const price = last && shown(last, placesOf(pair.tickSz));
  useEffect(() => {
    document.title = price ? `${price} ${instId} · Tickyard` : "Tickyard";
    return () => {
      document.title = "Tickyard";
    };
  }, [price, instId]);

  return (
    <main className="trade" data-tab={tab} data-side={side}>
      <Strip pair={pair} ticker={ticker} isLive={first.isLive} />
      {isIn && <NewcomerCard pairs={byName} />}
      <ChartPanel pair={pair} />
      <div className="side">
        <div className="side-tabs">
          {(["book", "tape"] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={side === one}
              onClick={() => setSide(one)}
            >
              {one === "book" ? "Book" : "Trades"}
            </button>
          ))}
        </div>
        <BookPanel pair={pair} ticker={ticker} />
        <Tape pair={pair} />
      </div>
      <Ticket pair={pair} />
      <Tables pairs={byName} />
      <nav className="phone-tabs" aria-label="Parts of the page">
        {TABS.map((name) => (
          <button key={name} type="button" aria-pressed={tab === name} onClick={() => setTab(name)}>
            {name}
          </button>
        ))}
      </nav>
      {keys.failure && (
        <div className="toast">
          <Notice kind="error">{keys.failure.message}</Notice>
        </div>
      )}
      {overlay === "picker" && <MarketPicker pairs={pairs} />}
      {overlay === "keys" && <KeyMap />}
    </main>
  );
}

/** Lets keys do what the ticket and the tables do. */
function useKeys(pair: Instrument) {
  const facts = useFacts(pair);
  const orders = useOpenOrders().rows ?? [];
  const triggers = useOpenTriggers().rows ?? [];
  const { failure, run } = useTask();
  useTradingKeys({
    side(side) {
      change({ side });
      field(firstField(useDraft.getState().kind))?.focus();
    },
    kind: (kind) => change({ kind }),
    percent: (percent) => change(portion(useDraft.getState(), facts, percent)),
    step(ticks) {
      const price = mainPrice(useDraft.getState().kind);
      if (price) stepPrice(price, ticks, pair.tickSz, startOf(price, facts));
    },
    send: () => document.querySelector<HTMLFormElement>(".ticket form")?.requestSubmit(),
    cancelSelected() {
      const { tab, selected } = useShownRows.getState();
      if (tab === "Trigger orders") {
        const trigger = triggers.find(({ algoId }) => algoId === selected);
        if (trigger) void run(() => cancelTriggers([trigger]));
        else select(triggers[0]?.algoId ?? null);
        return;
      }
      const order = orders.find(({ ordId }) => ordId === selected);
      if (order) void run(() => cancel(order));
      else select(orders[0]?.ordId ?? null);
    },
  });
  return { failure };
}

function field(name: string): HTMLInputElement | null {
  return document.querySelector(`.ticket input[name=${name}]`);
}
