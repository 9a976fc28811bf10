/** What is over, newest first: the newest rows at once, older ones page by page when somebody asks for them. */
import { useState } from "react";
import { oldestOf } from "./oldest";
import { isOpen, newer, newestFirst, overlaid, type Shown, SPOT, useMine, useOwn } from "./own";
import { PAGE, privateGet } from "./rest";
import { ownKey, useSession } from "./session";
import { useStreams } from "./socket/stream";
import type { Fill, Order } from "./types";

/** Which rows are wanted; a member that is left out stands for all. */
export interface Wanted {
  instId?: string;
  state?: "filled" | "canceled";
}

export interface Past<T> extends Shown<T> {
  /** Asks for older rows; null when there are none, or while they are on their way. */
  older: (() => void) | null;
}

/** Orders that are over. */
export function useOrderHistory(wanted: Wanted): Past<Order> {
  const path = "trade/orders-history-archive";
  const pushed = useOwn((own) => own.orders);
  const name = `history ${nameOf(wanted)}`;
  const query = { ...SPOT, ...wanted };
  const asked = useMine<Order>(name, (key) => privateGet(key, path, query));
  const newest = overlaid(asked, pushed, (row) => row.ordId, newer);
  const past = useOlder(newest, name, path, query, ({ ordId }) => ordId);
  const fits = (order: Order) =>
    !isOpen(order) &&
    order.instId === (wanted.instId ?? order.instId) &&
    order.state === (wanted.state ?? order.state);
  return { ...past, rows: past.rows?.filter(fits).sort(newestFirst) };
}

/** Own fills. */
export function useFills(wanted: Pick<Wanted, "instId"> = {}): Past<Fill> {
  const path = "trade/fills-history";
  const pushed = useOwn((own) => own.fills);
  const name = `fills ${nameOf(wanted)}`;
  const query = { ...SPOT, ...wanted };
  const asked = useMine<Fill>(name, (key) => privateGet(key, path, query));
  const newest = overlaid(
    asked,
    pushed,
    (row) => `${row.instId} ${row.tradeId}`,
    (row, known) => known ?? row,
  );
  const past = useOlder(newest, name, path, query, ({ billId }) => billId);
  const fits = (fill: Fill) => fill.instId === (wanted.instId ?? fill.instId);
  return { ...past, rows: past.rows?.filter(fits).sort((a, b) => Number(b.ts) - Number(a.ts)) };
}

function nameOf({ instId, state }: Wanted): string {
  return `${instId ?? ""} ${state ?? ""}`;
}

/** The pages that were asked for one after the other, each by the oldest name of what is known. */
function useOlder<T>(
  newest: Shown<T>,
  question: string,
  path: string,
  query: Record<string, string>,
  idOf: (row: T) => string,
): Past<T> {
  const apiKey = useSession(({ key }) => key?.apiKey ?? "");
  // A new connection asks for the newest rows again; older pages might not be those that follow.
  const connection = useStreams((streams) => streams.connections.private);
  const of = `${apiKey} ${connection} ${question}`;
  const [pages, setPages] = useState<{ of: string; rows: T[]; isAsking: boolean; isEnd: boolean }>({
    of,
    rows: [],
    isAsking: false,
    isEnd: false,
  });
  const now = pages.of === of ? pages : { of, rows: [], isAsking: false, isEnd: false };
  if (!newest.rows) return { ...newest, older: null };
  const known = new Set(newest.rows.map(idOf));
  const rows = [...newest.rows, ...now.rows.filter((row) => !known.has(idOf(row)))];
  const oldest = oldestOf(rows.map(idOf));
  const isAll = now.isEnd || (!now.rows.length && newest.rows.length < PAGE);

  async function ask(after: string): Promise<void> {
    setPages({ ...now, isAsking: true });
    // Without an answer the button is there again.
    const page = await privateGet<T>(ownKey(), path, { ...query, after }).catch(() => null);
    setPages({
      of,
      rows: [...now.rows, ...(page ?? [])],
      isAsking: false,
      isEnd: page !== null && page.length < PAGE,
    });
  }

  return {
    ...newest,
    rows,
    older: isAll || now.isAsking || !oldest ? null : () => void ask(oldest),
  };
}
