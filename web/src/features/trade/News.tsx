import { useEffect, useState } from "react";
import { useOwn } from "@/api/own";
import type { Fill, Instrument } from "@/api/types";
import { Notice } from "@/ui/Notice";
import { priceText, sideWord, sizeText } from "./tables/cells";

const SHOWN_MS = 8_000;

interface Heard {
  fill: Fill;
  /** How many there were since the first that is still shown. */
  count: number;
}

/** Tells that an order which waited in the book was met: nobody looks at their tables all the time. */
export function News({ pairs }: { pairs: ReadonlyMap<string, Instrument> }) {
  const [heard, setHeard] = useState<Heard | null>(null);
  useEffect(
    () =>
      useOwn.subscribe((now, before) => {
        const fresh = Object.entries(now.fills)
          .filter(([name, { execType }]) => execType === "M" && !before.fills[name])
          .map(([, fill]) => fill);
        const fill = fresh.at(-1);
        if (fill) setHeard((last) => ({ fill, count: (last?.count ?? 0) + fresh.length }));
      }),
    [],
  );
  useEffect(() => {
    if (!heard) return;
    const timer = setTimeout(() => setHeard(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [heard]);

  if (!heard) return null;
  const { side, fillSz, fillPx, instId } = heard.fill;
  const pair = pairs.get(instId);
  return (
    <Notice kind="good" onDismiss={() => setHeard(null)}>
      {sideWord(side)} order met: {sizeText(fillSz)} {pair?.baseCcy} at {priceText(fillPx, pair)}
      {heard.count > 1 && `, and ${heard.count - 1} more`}
    </Notice>
  );
}
