/** One's own orders, fills and balances: REST once per connection, then what the private channels say. */
import { create } from "zustand";
import { type Fresh, useFresh } from "./fresh";
import { privateGet, privateGetAll } from "./rest";
import { useSession } from "./session";
import type { Credentials } from "./sign";
import { listen, useStreams } from "./socket/stream";
import type { AccountRow, Balance, FeeRates, Fill, Order, OrderPush, Trigger } from "./types";

export const SPOT = { instType: "SPOT" };

/** A row as a channel pushed it, and over which connection. */
export type Pushed<T> = T & { connection: number };

interface Own {
  orders: Record<string, Pushed<Order>>;
  triggers: Record<string, Pushed<Trigger>>;
  fills: Record<string, Pushed<Fill>>;
  balances: Record<string, Pushed<Balance>>;
}

const NOTHING: Own = { orders: {}, triggers: {}, fills: {}, balances: {} };

export const useOwn = create<Own>(() => NOTHING);

useSession.subscribe((now, before) => {
  if (now.key?.apiKey !== before.key?.apiKey) useOwn.setState(NOTHING);
});

/** Follows the private channels; returns how to end that. */
export function watchOwn(): () => void {
  const ends = [
    listen("private", { channel: "orders", ...SPOT }, (rows) => tookOrders(rows as OrderPush[])),
    listen("private", { channel: "orders-algo", ...SPOT }, tookTriggers),
    listen("private", { channel: "algo-advance", ...SPOT }, tookTriggers),
    listen("private", { channel: "account" }, (rows) => tookBalances(rows as AccountRow[])),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function tookOrders(rows: OrderPush[]): void {
  const { connection } = privately();
  useOwn.setState((own) => {
    const orders = { ...own.orders };
    const fills = { ...own.fills };
    for (const row of rows) {
      orders[row.ordId] = newer({ ...row, connection }, orders[row.ordId]);
      if (row.tradeId) fills[`${row.instId} ${row.tradeId}`] = { ...fillOf(row), connection };
    }
    return { orders, fills };
  });
}

function tookTriggers(rows: unknown[]): void {
  const { connection } = privately();
  useOwn.setState((own) => {
    const triggers = { ...own.triggers };
    for (const row of rows as Trigger[]) {
      triggers[row.algoId] = newer({ ...row, connection }, triggers[row.algoId]);
    }
    return { triggers };
  });
}

function tookBalances(rows: AccountRow[]): void {
  const { connection } = privately();
  useOwn.setState((own) => ({
    balances: {
      ...own.balances,
      ...Object.fromEntries(
        rows.flatMap((row) => row.details.map((one) => [one.ccy, { ...one, connection }])),
      ),
    },
  }));
}

function privately() {
  return { connection: useStreams.getState().connections.private };
}

export function newer<T extends { uTime: string }>(row: T, known: T | undefined): T {
  return known && Number(known.uTime) > Number(row.uTime) ? known : row;
}

function fillOf(row: OrderPush): Fill {
  return {
    instId: row.instId,
    tradeId: row.tradeId,
    billId: "",
    ordId: row.ordId,
    side: row.side,
    fillPx: row.fillPx,
    fillSz: row.fillSz,
    fee: row.fillFee,
    feeCcy: row.fillFeeCcy,
    execType: row.execType,
    ts: row.fillTime,
  };
}

/** Rows to show, whether they are current, and what went wrong. */
export interface Shown<T> extends Omit<Fresh<T>, "data"> {
  rows: T[] | undefined;
}

export function useMine<T>(name: string, ask: (key: Credentials) => Promise<T[]>): Fresh<T> {
  const key = useSession((session) => session.key);
  return useFresh<T>(
    "private",
    [name, key?.apiKey ?? ""],
    () => (key ? ask(key) : Promise.resolve([])),
    key !== null,
  );
}

/** REST's rows with newer ones from the stream laid over. */
export function overlaid<T>(
  from: Fresh<T>,
  pushed: Record<string, Pushed<T>>,
  nameOf: (row: T) => string,
  choose: (pushed: T, known: T | undefined) => T,
): Shown<T> {
  const { data, ...rest } = from;
  if (!data) return { ...rest, rows: undefined };
  const all = new Map(data.rows.map((row) => [nameOf(row), row]));
  for (const [name, row] of Object.entries(pushed)) {
    // What an older connection has said is part of the answer, if it still holds.
    if (row.connection >= data.connection) all.set(name, choose(row, all.get(name)));
  }
  return { ...rest, rows: [...all.values()] };
}

export const isOpen = (order: Order) =>
  order.state === "live" || order.state === "partially_filled";

export const newestFirst = (a: { cTime: string }, b: { cTime: string }) =>
  Number(b.cTime) - Number(a.cTime);

/** Orders that rest, newest first. */
export function useOpenOrders(): Shown<Order> {
  const pushed = useOwn((own) => own.orders);
  const asked = useMine<Order>("open", (key) =>
    privateGetAll(key, "trade/orders-pending", SPOT, ({ ordId }) => ordId),
  );
  const shown = overlaid(asked, pushed, (row) => row.ordId, newer);
  return { ...shown, rows: shown.rows?.filter(isOpen).sort(newestFirst) };
}

/** Kinds of trigger orders that one question can be about. */
const TRIGGER_KINDS = ["conditional,oco", "trigger", "move_order_stop"];
const ENDED = ["effective", "canceled", "order_failed"];

/** Trigger orders that wait for their price, newest first. */
export function useOpenTriggers(): Shown<Trigger> {
  const queries = TRIGGER_KINDS.map((ordType) => ({ ...SPOT, ordType }));
  const shown = useTriggers("triggers", "trade/orders-algo-pending", queries, allTriggers);
  return { ...shown, rows: shown.rows?.filter(({ state }) => state === "live") };
}

/** Trigger orders that have fired, failed or been canceled, newest first. */
export function useTriggerHistory(): Shown<Trigger> {
  const queries = TRIGGER_KINDS.flatMap((ordType) =>
    ENDED.map((state) => ({ ...SPOT, ordType, state })),
  );
  const shown = useTriggers("past triggers", "trade/orders-algo-history", queries, privateGet);
  return { ...shown, rows: shown.rows?.filter(({ state }) => state !== "live") };
}

function allTriggers(
  key: Credentials,
  path: string,
  query: Record<string, string>,
): Promise<Trigger[]> {
  return privateGetAll(key, path, query, ({ algoId }) => algoId);
}

function useTriggers(
  name: string,
  path: string,
  queries: Record<string, string>[],
  ask: typeof allTriggers,
): Shown<Trigger> {
  const pushed = useOwn((own) => own.triggers);
  const asked = useMine<Trigger>(name, async (key) =>
    (await Promise.all(queries.map((query) => ask(key, path, query)))).flat(),
  );
  const shown = overlaid(asked, pushed, (row) => row.algoId, newer);
  return { ...shown, rows: shown.rows?.sort(newestFirst) };
}

/** What one has, most valuable first. */
export function useBalances(): Shown<Balance> {
  const pushed = useOwn((own) => own.balances);
  const { data, ...rest } = useMine<AccountRow>("balances", (key) =>
    privateGet(key, "account/balance"),
  );
  const details = data && {
    connection: data.connection,
    rows: data.rows.flatMap((row) => row.details),
  };
  const shown = overlaid(
    { ...rest, data: details },
    pushed,
    (row) => row.ccy,
    (row) => row,
  );
  return { ...shown, rows: shown.rows?.sort((a, b) => Number(b.eqUsd) - Number(a.eqUsd)) };
}

/** What trading costs this account. */
export function useFeeRates(): FeeRates | undefined {
  return useMine<FeeRates>("fees", (key) => privateGet(key, "account/trade-fee", SPOT)).data
    ?.rows[0];
}
