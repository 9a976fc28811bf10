import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useState } from "react";
import type { Instrument } from "@/api/types";
import { Dialog } from "@/ui/Dialog";
import { Empty } from "@/ui/Empty";
import { closeOverlay } from "./keys/overlays";

/** Finds a market by a few letters of its name. */
export function MarketPicker({ pairs }: { pairs: readonly Instrument[] }) {
  const navigate = useNavigate();
  const [wanted, setWanted] = useState("");
  const [at, setAt] = useState(0);
  const found = pairs.filter(({ instId }) => instId.includes(wanted.toUpperCase().trim()));
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
            {pair.instId.replace("-", " / ")}
          </div>
        ))}
      </div>
    </Dialog>
  );
}
