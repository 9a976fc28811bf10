import { useEffect } from "react";
import { useOwn } from "@/api/own";
import { orderNow, triggerNow } from "@/api/trading";
import type { Instrument } from "@/api/types";
import { type Outcome, outcome, triggerOutcome } from "./words";

/** How long the channel may take to say what became of an order, before it is asked for. */
const PATIENCE_MS = 1_500;

export interface Sent {
  kind: "order" | "trigger";
  id: string;
}

/** What became of what was sent: as the channel says, or as REST says when that is silent. */
export function useOutcome(pair: Instrument, sent: Sent | null): Outcome | null {
  const trigger = useOwn((own) => (sent?.kind === "trigger" ? own.triggers[sent.id] : undefined));
  const triggerId = sent?.kind === "trigger" ? sent.id : "";
  const ordId = sent?.kind === "order" ? sent.id : (trigger?.ordId ?? "");
  const order = useOwn((own) => own.orders[ordId]);
  useEffect(() => {
    if (!ordId || order) return;
    return later(async () => {
      const now = await orderNow({ instId: pair.instId, ordId });
      if (now)
        useOwn.setState(({ orders }) => ({
          orders: { [ordId]: { ...now, connection: 0 }, ...orders },
        }));
    });
  }, [ordId, order, pair]);
  useEffect(() => {
    if (!triggerId || trigger) return;
    return later(async () => {
      const now = await triggerNow(triggerId);
      if (now)
        useOwn.setState(({ triggers }) => ({
          triggers: { [triggerId]: { ...now, connection: 0 }, ...triggers },
        }));
    });
  }, [triggerId, trigger]);
  if (!sent) return null;
  if (order) return outcome(order, pair);
  if (trigger) return triggerOutcome(trigger, pair);
  return { kind: "plain", text: "Sent. Waiting for the exchange …" };
}

function later(ask: () => Promise<void>): () => void {
  const timer = setTimeout(() => void ask().catch(() => undefined), PATIENCE_MS);
  return () => clearTimeout(timer);
}
