import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useFirstTickers, useInstruments } from "@/api/market";
import { listen, useStreams } from "@/api/socket/stream";
import type { Instrument, Ticker } from "@/api/types";
import { brief, changeOf, decimal, placesOf, shown } from "@/lib/decimal";
import { Bones } from "@/ui/Bones";
import { Empty } from "@/ui/Empty";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import "./markets.css";

/** Every market, with what it costs now. */
export function Markets() {
  const instruments = useInstruments();
  const first = useFirstTickers();
  const live = useStreams((streams) => streams.tickers);
  const [wanted, setWanted] = useState("");

  const all = instruments.data;
  useEffect(() => {
    const ends = all?.map(({ instId }) => listen("public", { channel: "tickers", instId }));
    return () => ends?.forEach((end) => void end());
  }, [all]);

  const tickers: Record<string, Ticker> = {
    ...Object.fromEntries(first.data?.rows.map((ticker) => [ticker.instId, ticker]) ?? []),
    ...live,
  };
  const found = all?.filter(({ instId }) => instId.includes(wanted.toUpperCase()));
  return (
    <main className="markets">
      <div className="top">
        <h1>Markets</h1>
        <Field
          label="Find"
          type="search"
          placeholder="BTC"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      </div>
      <section className="panel scroll" aria-label="Markets">
        {(instruments.isPending || first.isPending) && <Bones rows={8} />}
        {instruments.isError && <Notice kind="error">{instruments.error.message}</Notice>}
        {found?.length === 0 && <Empty title={`Nothing is called “${wanted}”`} />}
        {!!found?.length && (
          <table className="rows">
            <thead>
              <tr>
                <th>Market</th>
                <th className="number">Last</th>
                <th className="number">24 h</th>
                <th className="number wide">High</th>
                <th className="number wide">Low</th>
                <th className="number">Volume</th>
              </tr>
            </thead>
            <tbody>
              {found.map((pair) => (
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
  const volume = decimal(ticker?.volCcy24h);
  const change = changeOf(decimal(ticker?.open24h), decimal(ticker?.last));
  return (
    <tr {...(!isLive && { "data-stale": true })}>
      <td>
        <Link to="/trade/$instId" params={{ instId: pair.instId }}>
          {pair.instId.replace("-", " / ")}
        </Link>
      </td>
      <td className="number">{price(ticker?.last)}</td>
      <td className={`number ${change.tone}`}>{change.text}</td>
      <td className="number wide">{price(ticker?.high24h)}</td>
      <td className="number wide">{price(ticker?.low24h)}</td>
      <td className="number">
        {volume ? brief(volume) : "–"}
        <span className="asset"> {pair.quoteCcy}</span>
      </td>
    </tr>
  );
}
