import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { ownFunding, spotTickers, walletsOf } from "@/api/funds";
import { useBalances } from "@/api/own";
import { useSession } from "@/api/session";
import { type Holding, holdings } from "./holdings";

/** No channel tells of the funding wallet, so it is asked again after so long. */
const EVERY_MS = 10_000;

export interface Held {
  rows: Holding[] | undefined;
  error: Error | null;
  isLive: boolean;
  again: () => void;
}

/** What the account itself has in both wallets. */
export function useOwnWallets(): Held {
  const trading = useBalances();
  const funding = useAsked("own", ownFunding);
  const tickers = useTickers();
  const rows = useMemo(
    () =>
      trading.rows && funding.data && tickers.data
        ? holdings({ trading: trading.rows, funding: funding.data }, tickers.data)
        : undefined,
    [trading.rows, funding.data, tickers.data],
  );
  return {
    rows,
    error: trading.error ?? funding.error ?? tickers.error,
    isLive: trading.isLive && !funding.isError && !tickers.isError,
    again() {
      trading.again();
      void funding.refetch();
      void tickers.refetch();
    },
  };
}

/** What a sub-account has in both wallets; nothing is asked while there is no name. */
export function useWalletsOf(name: string): Held {
  const wallets = useAsked(`of ${name}`, () => walletsOf(name), name !== "");
  const tickers = useTickers();
  const rows = useMemo(
    () => (wallets.data && tickers.data ? holdings(wallets.data, tickers.data) : undefined),
    [wallets.data, tickers.data],
  );
  return {
    rows,
    error: wallets.error ?? tickers.error,
    isLive: !wallets.isError && !tickers.isError,
    again() {
      void wallets.refetch();
      void tickers.refetch();
    },
  };
}

/** Asks again what wallets have, after money has moved. */
export function useFundsMoved(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["funds"] });
}

function useAsked<T>(what: string, ask: () => Promise<T>, isWanted = true) {
  const key = useSession((session) => session.key?.apiKey ?? "");
  return useQuery({
    queryKey: ["funds", key, what],
    queryFn: ask,
    enabled: isWanted && key !== "",
    refetchInterval: EVERY_MS,
  });
}

function useTickers() {
  return useQuery({ queryKey: ["prices"], queryFn: spotTickers, refetchInterval: EVERY_MS });
}
