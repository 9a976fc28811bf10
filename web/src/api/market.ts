/** What is listed and what it costs, from REST once and from the stream afterwards. */
import { useQuery } from "@tanstack/react-query";
import { publicGet } from "./rest";
import type { Instrument, Ticker } from "./types";

export function useInstruments() {
  return useQuery({
    queryKey: ["instruments"],
    queryFn: () => publicGet<Instrument>("public/instruments", { instType: "SPOT" }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useFirstTickers() {
  return useQuery({
    queryKey: ["tickers"],
    queryFn: () => publicGet<Ticker>("market/tickers", { instType: "SPOT" }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
