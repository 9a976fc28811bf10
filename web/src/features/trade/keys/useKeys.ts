import { useEffect, useState } from "react";
import { useOpenOrders, useOpenTriggers } from "@/api/own";
import { cancel, cancelAll, cancelTriggers } from "@/api/trading";
import type { Instrument } from "@/api/types";
import { useAgeing } from "@/lib/useAgeing";
import { useTask } from "@/lib/useTask";
import { setBookStep, useReading } from "../book/steps";
import { edit, select, useShownRows } from "../tables/selection";
import { change, chooseKind, firstField, mainPrice, stepPrice, useDraft } from "../ticket/draft";
import { startOf } from "../ticket/PriceInput";
import { portion } from "../ticket/plan";
import { useFacts } from "../ticket/useFacts";
import { canBeAmended } from "../triggerWords";
import { useTradingKeys } from "./useTradingKeys";

const PATIENCE_MS = 5_000;

/** Lets keys do what the ticket and the tables do; returns what they ask, or could not do. */
export function useKeys(pair: Instrument) {
  const facts = useFacts(pair);
  const orders = useOpenOrders().rows ?? [];
  const triggers = useOpenTriggers().rows ?? [];
  const here = orders.filter(({ instId }) => instId === pair.instId);
  const { failure, run, forget } = useTask();
  const [isAsking, setAsking] = useState(false);
  useAgeing(failure?.message, forget);
  useEffect(() => {
    if (!isAsking) return;
    const timer = setTimeout(() => setAsking(false), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isAsking]);

  /** What keys mean, by its number; what is selected first if nothing is yet. */
  function selected() {
    const { tab, selected } = useShownRows.getState();
    const trigger = tab === "Trigger orders";
    const all = trigger ? triggers.map(({ algoId }) => algoId) : orders.map(({ ordId }) => ordId);
    if (selected && all.includes(selected)) return selected;
    select(all[0] ?? null);
    return null;
  }

  useTradingKeys({
    side(side) {
      change({ side });
      field(firstField(useDraft.getState().kind))?.focus();
    },
    kind: chooseKind,
    percent: (percent) => change(portion(useDraft.getState(), facts, percent)),
    step(ticks) {
      const price = mainPrice(useDraft.getState().kind);
      if (price) stepPrice(price, ticks, pair.tickSz, startOf(price, facts));
    },
    send: () => document.querySelector<HTMLFormElement>(".ticket form")?.requestSubmit(),
    amendSelected() {
      const id = selected();
      const trigger = triggers.find(({ algoId }) => algoId === id);
      if (id && !(trigger && !canBeAmended(trigger))) edit(id);
    },
    cancelSelected() {
      const id = selected();
      const trigger = triggers.find(({ algoId }) => algoId === id);
      const order = orders.find(({ ordId }) => ordId === id);
      if (trigger) void run(() => cancelTriggers([trigger]));
      else if (order) void run(() => cancel(order));
    },
    cancelAll() {
      setAsking(!isAsking && here.length > 0);
      if (isAsking) void run(() => cancelAll(here));
    },
    widen: (by) => setBookStep(useReading.getState().level + by),
  });
  const asks =
    isAsking && here.length > 0
      ? `Press Shift X again to cancel ${here.length === 1 ? "the one order" : `all ${here.length} orders`} in ${pair.instId}.`
      : null;
  return { asks, failure, forget };
}

function field(name: string): HTMLInputElement | null {
  return document.querySelector(`.ticket input[name=${name}]`);
}
