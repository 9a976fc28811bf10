import { useState } from "react";
import { useBalances, useOwn } from "@/api/own";
import { useFills } from "@/api/past";
import { site, type WholeKey } from "@/api/site";
import { snippet } from "@/api/snippet";
import { useStreams } from "@/api/socket/stream";
import { place } from "@/api/trading";
import type { Instrument } from "@/api/types";
import { decimal } from "@/lib/decimal";
import { useTask } from "@/lib/useTask";
import { Button } from "@/ui/Button";
import { Copy } from "@/ui/Copy";
import { Notice } from "@/ui/Notice";
import { outcome } from "../ticket/words";

const MARKET = "BTC-USDT";
const SIZE = "0.01";
const KEPT_AS = "tickyard.newcomer";

/** Takes somebody who has never traded through a first trade, and to a first program. */
export function NewcomerCard({ pairs }: { pairs: ReadonlyMap<string, Instrument> }) {
  const pair = pairs.get(MARKET);
  const fills = useFills().rows;
  const [isClosed, setClosed] = useState(localStorage.getItem(KEPT_AS) === "seen");
  const [ordId, setOrdId] = useState<string | null>(null);
  const [key, setKey] = useState<WholeKey | null>(null);
  const isLive = useStreams(({ links }) => links.public === "live" && links.private === "live");
  const { isBusy, failure, run } = useTask();

  if (isClosed || !pair || !fills || (fills.length > 0 && !ordId)) return null;
  return (
    <section className="panel newcomer" aria-label="Your first trade">
      <div>
        <h2>Your first trade</h2>
        {ordId ? (
          <Became ordId={ordId} pair={pair} />
        ) : (
          <p className="quiet">
            Buy {SIZE} {pair.baseCcy} at the best price in the book. The money is this exchange's
            own; nothing real moves.
          </p>
        )}
        {ordId && !key && (
          <p className="quiet">Now let a program do the same: make a key and paste what you get.</p>
        )}
        {key && (
          <p className="quiet">
            Paste this into a terminal where ccxt is installed. The key's secret is shown this once.
          </p>
        )}
        {failure && <Notice kind="error">{failure.message}</Notice>}
      </div>
      <div className="acts">
        {!ordId && (
          <Button
            look="main"
            disabled={isBusy || !isLive}
            onClick={() => run(async () => setOrdId(await place(wishFor(pair))))}
          >
            Buy {SIZE} {pair.baseCcy}
          </Button>
        )}
        {ordId && !key && (
          <Button
            look="main"
            disabled={isBusy}
            onClick={() => run(async () => setKey(await made()))}
          >
            Make a key
          </Button>
        )}
        {key && <Copy text={snippet(location.origin, key)} />}
        <Button
          onClick={() => {
            localStorage.setItem(KEPT_AS, "seen");
            setClosed(true);
          }}
        >
          {key ? "Done" : "Not now"}
        </Button>
      </div>
      {key && <pre className="snippet">{snippet(location.origin, key)}</pre>}
    </section>
  );
}

function wishFor(pair: Instrument) {
  return {
    instId: pair.instId,
    tdMode: "cash",
    side: "buy",
    ordType: "market",
    sz: SIZE,
    tgtCcy: "base_ccy",
  } as const;
}

function made(): Promise<WholeKey> {
  return site.makeKey({
    label: "my first program",
    passphrase: crypto.randomUUID().slice(0, 18),
    permissions: ["read_only", "trade"],
    addresses: [],
  });
}

/** The fill, the fee and the new balance. */
function Became({ ordId, pair }: { ordId: string; pair: Instrument }) {
  const order = useOwn((own) => own.orders[ordId]);
  const balance = useBalances().rows?.find((row) => row.ccy === pair.baseCcy);
  if (!order) return <p className="quiet">Sent. Waiting for the exchange …</p>;
  return (
    <p>
      {outcome(order, pair).text}
      {balance && (
        <>
          {" "}
          You have now{" "}
          <strong>
            {decimal(balance.eq)?.toFixed()} {pair.baseCcy}
          </strong>
          .
        </>
      )}
    </p>
  );
}
