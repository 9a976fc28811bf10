/** What one can do with orders. */
import { Failure } from "@/lib/failure";
import { type Ack, privateGet, privatePost } from "./rest";
import { useSession } from "./session";
import type { Credentials } from "./sign";
import type { Order, OrderKind, Side } from "./types";

const BATCH_MAX = 20;

export interface OrderWish {
  instId: string;
  tdMode: "cash";
  side: Side;
  ordType: OrderKind;
  sz: string;
  px?: string;
  tgtCcy?: "base_ccy" | "quote_ccy";
}

interface OrderAck extends Ack {
  ordId: string;
}

type Named = Pick<Order, "instId" | "ordId">;

/** Sends an order; returns its number. */
export async function place(wish: OrderWish): Promise<string> {
  const [ack] = await privatePost<OrderAck>(ownKey(), "trade/order", wish);
  if (!ack) throw new Failure("empty", "The exchange has not said what became of the order.");
  return ack.ordId;
}

export async function orderNow(named: Named): Promise<Order | undefined> {
  const { instId, ordId } = named;
  return (await privateGet<Order>(ownKey(), "trade/order", { instId, ordId }))[0];
}

export async function cancel({ instId, ordId }: Named): Promise<void> {
  await privatePost(ownKey(), "trade/cancel-order", { instId, ordId });
}

export async function cancelAll(orders: readonly Named[]): Promise<void> {
  for (let from = 0; from < orders.length; from += BATCH_MAX) {
    const some = orders
      .slice(from, from + BATCH_MAX)
      .map(({ instId, ordId }) => ({ instId, ordId }));
    await privatePost(ownKey(), "trade/cancel-batch-orders", some);
  }
}

export async function amend(
  { instId, ordId }: Named,
  change: { newPx?: string; newSz?: string },
): Promise<void> {
  await privatePost(ownKey(), "trade/amend-order", { instId, ordId, ...change });
}

function ownKey(): Credentials {
  const { key } = useSession.getState();
  if (!key) throw new Failure("out", "Log in first.");
  return key;
}
