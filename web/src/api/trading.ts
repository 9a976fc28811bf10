/** What one can do with orders. */
import { Failure } from "@/lib/failure";
import { type Ack, privateBatch, privateGet, privatePost, refused } from "./rest";
import { ownKey } from "./session";
import type { Legs, Order, OrderKind, Side, Trigger, TriggerKind } from "./types";

const BATCH_MAX = 20;
const TRIGGER_BATCH_MAX = 10;

export interface OrderWish {
  instId: string;
  tdMode: "cash";
  side: Side;
  ordType: OrderKind;
  sz: string;
  px?: string;
  tgtCcy?: "base_ccy" | "quote_ccy";
  attachAlgoOrds?: [Partial<Legs>];
}

export interface TriggerWish extends Partial<Legs> {
  instId: string;
  tdMode: "cash";
  side: Side;
  ordType: TriggerKind;
  sz: string;
  tgtCcy?: "base_ccy";
  triggerPx?: string;
  orderPx?: string;
  callbackRatio?: string;
  callbackSpread?: string;
  activePx?: string;
}

interface OrderAck extends Ack {
  ordId: string;
}

interface TriggerAck extends Ack {
  algoId: string;
}

type Named = Pick<Order, "instId" | "ordId">;
type NamedTrigger = Pick<Trigger, "instId" | "algoId">;

/** Sends an order; returns its number. */
export async function place(wish: OrderWish): Promise<string> {
  return only(await privatePost<OrderAck>(ownKey(), "trade/order", wish)).ordId;
}

/** Sends a trigger order; returns its number. */
export async function placeTrigger(wish: TriggerWish): Promise<string> {
  return only(await privatePost<TriggerAck>(ownKey(), "trade/order-algo", wish)).algoId;
}

function only<T>([ack]: T[]): T {
  if (!ack) throw new Failure("empty", "The exchange has not said what became of the order.");
  return ack;
}

export async function orderNow(named: Named): Promise<Order | undefined> {
  const { instId, ordId } = named;
  return (await privateGet<Order>(ownKey(), "trade/order", { instId, ordId }))[0];
}

export async function cancel({ instId, ordId }: Named): Promise<void> {
  await privatePost(ownKey(), "trade/cancel-order", { instId, ordId });
}

export async function cancelAll(orders: readonly Named[]): Promise<void> {
  const names = orders.map(({ instId, ordId }) => ({ instId, ordId }));
  await inBatches("trade/cancel-batch-orders", names, BATCH_MAX);
}

export async function cancelTriggers(triggers: readonly NamedTrigger[]): Promise<void> {
  const names = triggers.map(({ instId, algoId }) => ({ instId, algoId }));
  await inBatches("trade/cancel-algos", names, TRIGGER_BATCH_MAX);
}

/** That an order is over already is what was wanted. Source: OKX v5, "Error code", "Trade". */
const OVER = new Set(["0", "51400", "51416"]);
const TOO_MANY = "50011";
const PAUSE_MS = 1_000;

/** Each batch is sent, whatever became of the one before; the first real refusal is told at the end. */
async function inBatches(path: string, items: readonly object[], most: number): Promise<void> {
  let refusal: Ack | undefined;
  for (let from = 0; from < items.length; from += most) {
    const acks = await patient(() => privateBatch(ownKey(), path, items.slice(from, from + most)));
    refusal ??= acks.find(({ sCode }) => !OVER.has(sCode));
  }
  if (refusal) throw refused(refusal);
}

/** Tries once more, a moment later, what was too much at once. */
async function patient<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== TOO_MANY) throw error;
    await new Promise((after) => setTimeout(after, PAUSE_MS));
    return send();
  }
}

export async function amend(
  { instId, ordId }: Named,
  change: { newPx?: string; newSz?: string },
): Promise<void> {
  await privatePost(ownKey(), "trade/amend-order", { instId, ordId, ...change });
}

/** Members that a trigger order can be changed in. */
export type TriggerChange =
  | "newSz"
  | "newTriggerPx"
  | "newOrdPx"
  | "newTpTriggerPx"
  | "newTpOrdPx"
  | "newSlTriggerPx"
  | "newSlOrdPx";

export async function amendTrigger(
  { instId, algoId }: NamedTrigger,
  change: Partial<Record<TriggerChange, string>>,
): Promise<void> {
  await privatePost(ownKey(), "trade/amend-algos", { instId, algoId, ...change });
}

export async function triggerNow(algoId: string): Promise<Trigger | undefined> {
  return (await privateGet<Trigger>(ownKey(), "trade/order-algo", { algoId }))[0];
}
