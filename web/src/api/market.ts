/** What is listed, what it costs and how it was traded: from REST once per connection, from the stream afterwards. */
import { useQuery } from "@tanstack/react-query";
import { useFresh } from "./fresh";
import { publicGet } from "./rest";
import { useStreams } from "./socket/stream";
import type { Instrument, Ticker, Trade } from "./types";

export function useInstruments() {
  return useQuery({
    queryKey: ["instruments"],
    queryFn: () => publicGet<Instrument>("public/instruments", { instType: "SPOT" }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useFirstTickers() {
  return useFresh("public", ["tickers"], () =>
    publicGet<Ticker>("market/tickers", { instType: "SPOT" }),
  );
}

/** What one market costs now, and whether that is current. */
export function useTicker(instId: string): { ticker: Ticker | undefined; isLive: boolean } {
  const first = useFirstTickers();
  const live = useStreams((streams) => streams.tickers[instId]);
  return {
    ticker: live ?? first.data?.rows.find((row) => row.instId === instId),
    isLive: first.isLive,
  };
}

/** The newest trades as each visit finds them: nobody listened between two. */
export function useFirstTrades(instId: string, visit: number) {
  return useFresh(
    "public",
    ["trades", instId, String(visit)],
    () => publicGet<Trade>("market/trades", { instId, limit: "60" }),
    visit > 0,
  );
}

const DAY_MS = 24 * 3_600_000;

/** Whether trading has begun less than a day ago, so that figures of 24 hours count from then. */
export function useIsYoung(instId: string): boolean {
  const older = useQuery({
    queryKey: ["older than a day", instId],
    queryFn: () =>
      publicGet<Trade>("market/history-trades", {
        instId,
        type: "2",
        after: String(Date.now() - DAY_MS),
        limit: "1",
      }),
    staleTime: DAY_MS / 24,
  });
  return older.data?.length === 0;
}
