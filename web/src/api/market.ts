/** What is listed, what it costs and how it was traded: from REST once per connection, from the stream afterwards. */
import { useQuery } from "@tanstack/react-query";
import { useFresh } from "./fresh";
import { publicGet } from "./rest";
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

export function useFirstTrades(instId: string) {
  return useFresh("public", ["trades", instId], () =>
    publicGet<Trade>("market/trades", { instId, limit: "60" }),
  );
}
