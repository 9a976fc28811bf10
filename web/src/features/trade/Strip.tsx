import { useEffect } from "react";
import { useIsYoung, useTicker } from "@/api/market";
import type { Instrument } from "@/api/types";
import { brief, changeOf, decimal, placesOf, shown } from "@/lib/decimal";
import { openPicker } from "./keys/overlays";

/** Which market this is, and how its day went. */
export function Strip({ pair }: { pair: Instrument }) {
  const { instId } = pair;
  const { ticker, isLive } = useTicker(instId);
  const places = placesOf(pair.tickSz);
  const last = decimal(ticker?.last);
  const price = last && shown(last, places);
  useEffect(() => {
    document.title = price ? `${price} ${instId} · Tickyard` : "Tickyard";
    return () => {
      document.title = "Tickyard";
    };
  }, [price, instId]);
  const isYoung = useIsYoung(pair.instId);
  const change = changeOf(decimal(ticker?.open24h), decimal(ticker?.last));
  const text = (value: string | undefined) => {
    const price = decimal(value);
    return price ? shown(price, places) : "–";
  };
  const sum = (value: string | undefined, asset: string) => {
    const amount = decimal(value);
    return amount ? `${brief(amount)} ${asset}` : "–";
  };
  return (
    <div className="strip panel" data-panel="strip">
      <button type="button" className="market" onClick={openPicker} aria-haspopup="dialog">
        <h1>{pair.instId.replace("-", " / ")}</h1>
        <span aria-hidden="true">▾</span>
        <span className="unseen">, choose another market</span>
      </button>
      <dl data-stale={!isLive || undefined}>
        <div className="last">
          <dt className="unseen">Last price</dt>
          <dd className={change.tone}>{text(ticker?.last)}</dd>
        </div>
        <div>
          <dt>{isYoung ? "Since start" : "24 h"}</dt>
          <dd className={change.tone}>{change.text}</dd>
        </div>
        <div className="wide">
          <dt>High</dt>
          <dd>{text(ticker?.high24h)}</dd>
        </div>
        <div className="wide">
          <dt>Low</dt>
          <dd>{text(ticker?.low24h)}</dd>
        </div>
        <div className="wide">
          <dt>Volume</dt>
          <dd>{sum(ticker?.vol24h, pair.baseCcy)}</dd>
        </div>
        <div className="wide">
          <dt>Turnover</dt>
          <dd>{sum(ticker?.volCcy24h, pair.quoteCcy)}</dd>
        </div>
      </dl>
      {isYoung && (
        <p className="since quiet">
          Counted from the first start; older candles in the chart are imported.
        </p>
      )}
    </div>
  );
}
