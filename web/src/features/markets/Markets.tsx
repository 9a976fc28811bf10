import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useFirstTickers, useInstruments, useIsYoung } from "@/api/market";
import { listen, useStreams } from "@/api/socket/stream";
import type { Instrument, Ticker } from "@/api/types";
import { brief, changeOf, decimal, placesOf, shown } from "@/lib/decimal";
import { Bones } from "@/ui/Bones";
import { Empty } from "@/ui/Empty";
import { Trouble } from "@/ui/Trouble";
import { COLUMNS, type Order, ordered, turned } from "./order";
import "./markets.css";

/** The market by which one tells since when there is trading. */
const OLDEST = "BTC-USDT";

/** Every market, with what it costs now. */
export function Markets() {
  const instruments = useInstruments();
  const first = useFirstTickers();
  const live = useStreams((streams) => streams.tickers);
  const isYoung = useIsYoung(OLDEST);
  const [wanted, setWanted] = useState("");
  const [quote, setQuote] = useState("");
  const [order, setOrder] = useState<Order>({ by: "listed", isDown: false });

  const all = instruments.data;
  useEffect(() => {
    const ends = all?.map(({ instId }) => listen("public", { channel: "tickers", instId }));
    return () => ends?.forEach((end) => void end());
  }, [all]);

  const tickers: Record<string, Ticker> = {
    ...Object.fromEntries(first.data?.rows.map((ticker) => [ticker.instId, ticker]) ?? []),
    ...live,
  };
  const quotes = [...new Set(all?.map(({ quoteCcy }) => quoteCcy))];
  const letters = wanted
    .toUpperCase()
    .replace(/[\s/]+/g, "-")
    .replace(/^-|-$/g, "");
  const found = all?.filter(
    ({ instId, quoteCcy }) => instId.includes(letters) && (!quote || quoteCcy === quote),
  );
  const rows = found && ordered(found, tickers, order);
  return (
    <main className="markets">
      <div className="top">
        <h1>Markets</h1>
        <fieldset className="quotes">
          <legend className="unseen">Priced in</legend>
          {["", ...quotes].map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={quote === one}
              onClick={() => setQuote(one)}
            >
              {one || "All"}
            </button>
          ))}
        </fieldset>
        <input
          type="search"
          aria-label="Find"
          placeholder="Find a market"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      </div>
      <section className="panel scroll" aria-label="Markets">
        {instruments.isPending && <Bones rows={12} />}
        {instruments.isError && (
          <Trouble error={instruments.error} again={() => void instruments.refetch()} />
        )}
        {rows?.length === 0 && <Empty title="No market is called so" />}
        {!!rows?.length && (
          <table className="rows">
            <thead>
              <tr>
                {COLUMNS.map(({ by, head, look }) => (
                  <th
                    key={by}
                    className={look}
                    aria-sort={
                      order.by === by ? (order.isDown ? "descending" : "ascending") : undefined
                    }
                  >
                    <button type="button" onClick={() => setOrder(turned(order, by))}>
                      {head}
                      <i aria-hidden="true">{order.by === by ? (order.isDown ? "▾" : "▴") : ""}</i>
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((pair) => (
                <Row
                  key={pair.instId}
                  pair={pair}
                  ticker={tickers[pair.instId]}
                  isLive={first.isLive}
                />
              ))}
            </tbody>
          </table>
        )}
      </section>
      {isYoung && (
        <p className="quiet since">
          This exchange has started less than a day ago: 24 h, high, low and turnover count from
          then. Older candles in its charts are imported.
        </p>
      )}
    </main>
  );
}

interface RowProps {
  pair: Instrument;
  ticker: Ticker | undefined;
  isLive: boolean;
}

function Row({ pair, ticker, isLive }: RowProps) {
  const places = placesOf(pair.tickSz);
  const price = (text: string | undefined) => {
    const value = decimal(text);
    return value ? shown(value, places) : "–";
  };
  const turnover = decimal(ticker?.volCcy24h);
  const change = changeOf(decimal(ticker?.open24h), decimal(ticker?.last));
  return (
    <tr {...(!isLive && { "data-stale": true })}>
      <td>
        <Link to="/trade/$instId" params={{ instId: pair.instId }}>
          {pair.baseCcy} <span className="quiet">/ {pair.quoteCcy}</span>
        </Link>
      </td>
      <td className="number">{price(ticker?.last)}</td>
      <td className={`number ${change.tone}`}>{change.text}</td>
      <td className="number wide">{price(ticker?.high24h)}</td>
      <td className="number wide">{price(ticker?.low24h)}</td>
      <td className="number">
        {turnover ? brief(turnover) : "–"}
        <span className="asset quiet"> {pair.quoteCcy}</span>
      </td>
    </tr>
  );
}
