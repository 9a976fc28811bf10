import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useState } from "react";
import { useFirstTickers } from "@/api/market";
import type { Instrument, Ticker } from "@/api/types";
import { changeOf, decimal, placesOf, shown } from "@/lib/decimal";
import { Dialog } from "@/ui/Dialog";
import { Empty } from "@/ui/Empty";
import { closeOverlay } from "./keys/overlays";

/** Finds a market by a few letters of its name. */
export function MarketPicker({ pairs }: { pairs: readonly Instrument[] }) {
  const navigate = useNavigate();
  const [wanted, setWanted] = useState("");
  const [at, setAt] = useState(0);
  const letters = wanted
    .trim()
    .toUpperCase()
    .replace(/[\s/]+/g, "-");
  const found = pairs.filter(({ instId }) => instId.includes(letters));
  const tickers = new Map(useFirstTickers().data?.rows.map((row) => [row.instId, row]));
  const chosen = found[Math.min(at, found.length - 1)];

  function go(pair: Instrument | undefined) {
    if (!pair) return;
    closeOverlay();
    void navigate({ to: "/trade/$instId", params: { instId: pair.instId } });
  }

  function move(event: KeyboardEvent) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") go(chosen);
    if (!by || !found.length) return;
    event.preventDefault();
    setAt((Math.min(at, found.length - 1) + by + found.length) % found.length);
  }

  return (
    <Dialog label="Choose a market" onClose={closeOverlay}>
      <input
        className="picker-input"
        type="search"
        role="combobox"
        aria-label="Find a market"
        aria-expanded="true"
        aria-controls="found-markets"
        aria-activedescendant={chosen && `found-${chosen.instId}`}
        placeholder="Find a market"
        value={wanted}
        autoFocus
        onChange={(event) => {
          setWanted(event.target.value);
          setAt(0);
        }}
        onKeyDown={move}
      />
      {!found.length && <Empty title={`Nothing is called “${wanted}”`} />}
      <div id="found-markets" role="listbox" aria-label="Markets" className="picker-list">
        {found.map((pair) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input takes the keys
          <div
            key={pair.instId}
            id={`found-${pair.instId}`}
            role="option"
            tabIndex={-1}
            aria-selected={pair === chosen}
            onClick={() => go(pair)}
          >
            <span>{pair.instId.replace("-", " / ")}</span>
            <Price pair={pair} ticker={tickers.get(pair.instId)} />
          </div>
        ))}
      </div>
    </Dialog>
  );
}

/** What it cost when the page last asked for all markets, and how it had changed. */
function Price({ pair, ticker }: { pair: Instrument; ticker: Ticker | undefined }) {
  const last = decimal(ticker?.last);
  if (!last) return null;
  const change = changeOf(decimal(ticker?.open24h), last);
  return (
    <>
      <span className="number">{shown(last, placesOf(pair.tickSz))}</span>
      <span className={`number ${change.tone}`}>{change.text}</span>
    </>
  );
}
