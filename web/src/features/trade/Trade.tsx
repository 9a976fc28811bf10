import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useInstruments } from "@/api/market";
import { watchOwn } from "@/api/own";
import { useSession } from "@/api/session";
import { listen } from "@/api/socket/stream";
import type { Instrument } from "@/api/types";
import { Bones } from "@/ui/Bones";
import { Empty } from "@/ui/Empty";
import { Trouble } from "@/ui/Trouble";
import { BookPanel } from "./book/BookPanel";
import { ChartPanel } from "./chart/ChartPanel";
import { KeyMap } from "./keys/KeyMap";
import { Keys } from "./keys/Keys";
import { useOverlay } from "./keys/overlays";
import { MarketPicker } from "./MarketPicker";
import { News } from "./News";
import { NewcomerCard } from "./newcomer/NewcomerCard";
import { Strip } from "./Strip";
import { Tape } from "./Tape";
import { Tables } from "./tables/Tables";
import { blank } from "./ticket/draft";
import { Ticket } from "./ticket/Ticket";
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
        <Empty title={`There is no market called “${instId}”`}>
          <Link to="/markets">All markets</Link>
        </Empty>
      </main>
    );
  }
  return <Market key={instId} pair={pair} pairs={instruments.data} />;
}

const TABS = ["Chart", "Book", "Trade", "Orders"] as const;

function Market({ pair, pairs }: { pair: Instrument; pairs: Instrument[] }) {
  const { instId } = pair;
  const isIn = useSession((session) => session.state === "in");
  const overlay = useOverlay(({ open }) => open);
  const [tab, setTab] = useState<(typeof TABS)[number]>("Chart");
  const [side, setSide] = useState<"book" | "tape">("book");
  const byName = useMemo(() => new Map(pairs.map((one) => [one.instId, one])), [pairs]);

  useEffect(() => listen("public", { channel: "tickers", instId }), [instId]);
  useEffect(() => (isIn ? watchOwn() : undefined), [isIn]);
  useEffect(blank, []);

  return (
    <main className="trade" data-tab={tab} data-side={side}>
      <Strip pair={pair} />
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
        <BookPanel pair={pair} />
        <Tape pair={pair} />
      </div>
      <Ticket pair={pair} />
      <Tables pair={pair} pairs={byName} />
      <nav className="phone-tabs" aria-label="Parts of the page">
        {TABS.map((name) => (
          <button key={name} type="button" aria-pressed={tab === name} onClick={() => setTab(name)}>
            {name}
          </button>
        ))}
      </nav>
      <div className="toasts">
        {isIn && <News pairs={byName} />}
        <Keys pair={pair} />
      </div>
      {overlay === "picker" && <MarketPicker pairs={pairs} />}
      {overlay === "keys" && <KeyMap />}
    </main>
  );
}
