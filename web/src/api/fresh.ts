/**
 * What REST says, asked again with each new connection of the socket that carries on from there.
 * Until the answer is here, the old one is shown, but never as live.
 */
import { useQuery } from "@tanstack/react-query";
import type { Path } from "./socket/messages";
import { useStreams } from "./socket/stream";

const KEPT_MS = 5_000;

export interface Fresh<T> {
  /** The rows, and the connection from which the stream carries on. */
  data: { connection: number; rows: T[] } | undefined;
  error: Error | null;
  isPending: boolean;
  isLive: boolean;
  again: () => void;
}

export function useFresh<T>(
  path: Path,
  key: readonly string[],
  ask: () => Promise<T[]>,
  isWanted = true,
): Fresh<T> {
  const connection = useStreams((streams) => streams.connections[path]);
  const link = useStreams((streams) => streams.links[path]);
  const name = key.join(" ");
  const query = useQuery({
    queryKey: [path, name, connection],
    queryFn: async () => ({ connection, rows: await ask() }),
    // The same question's last answer, not the answer about another market.
    placeholderData: (last, from) => (from?.queryKey[1] === name ? last : undefined),
    enabled: isWanted,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
    retry: 3,
  });
  return {
    data: query.data,
    error: query.error,
    isPending: query.isPending,
    isLive: link === "live" && !query.isPlaceholderData && !query.isError,
    again: () => void query.refetch(),
  };
}
