import { useMemo } from "react";
import { useFirstTickers } from "@/api/market";
import { useBalances, useFeeRates } from "@/api/own";
import { useSession } from "@/api/session";
import { useStreams } from "@/api/socket/stream";
import type { Instrument, Level } from "@/api/types";
import { decimal, ZERO } from "@/lib/decimal";
import type { Facts } from "./facts";

const NONE: readonly Level[] = [];

/** What the ticket is judged by, as it is now. */
export function useFacts(pair: Instrument): Facts {
  const book = useStreams((streams) => streams.books[pair.instId]);
  const live = useStreams((streams) => streams.tickers[pair.instId]?.last);
  const first = useFirstTickers().data?.rows.find(({ instId }) => instId === pair.instId)?.last;
  const last = useMemo(() => decimal(live ?? first), [live, first]);
  const links = useStreams((streams) => streams.links);
  const isLoggedIn = useSession((session) => session.state === "in");
  const balances = useBalances();
  const rates = useFeeRates();
  const { rows } = balances;
  const free = useMemo(() => {
    if (!rows) return null;
    const of = (ccy: string) => decimal(rows.find((row) => row.ccy === ccy)?.availBal) ?? ZERO;
    return { base: of(pair.baseCcy), quote: of(pair.quoteCcy) };
  }, [rows, pair]);
  const fees = useMemo(() => {
    const group = rates?.feeGroup.find(({ groupId }) => groupId === pair.groupId);
    const charged = (text: string | undefined) => decimal(text)?.times(-1) ?? null;
    const maker = charged(group?.maker);
    const taker = charged(group?.taker);
    return maker && taker && { maker, taker };
  }, [rates, pair]);
  return {
    pair,
    free,
    fees,
    isBookHere: book !== undefined,
    asks: book?.asks ?? NONE,
    bids: book?.bids ?? NONE,
    last: last?.gt(0) ? last : null,
    isLoggedIn,
    isLost: links.public === "lost" || links.private === "lost",
    isLive: links.public === "live" && links.private === "live" && balances.isLive,
  };
}
