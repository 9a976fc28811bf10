import { type FormEvent, useState } from "react";
import { useOpenOrders } from "@/api/own";
import { amend, cancel, cancelAll } from "@/api/trading";
import type { Instrument, Order } from "@/api/types";
import { decimal, typed } from "@/lib/decimal";
import { dayAndClock } from "@/lib/time";
import { useTask } from "@/lib/useTask";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { amendReason } from "./amendReason";
import { KIND_WORDS, priceText, sideWord, sizeText } from "./cells";
import { Panel } from "./Panel";
import { select, useSelection } from "./selection";

/** Orders that rest in books: each can be amended and canceled where it stands. */
export function OpenOrders({ pairs }: { pairs: ReadonlyMap<string, Instrument> }) {
  const shown = useOpenOrders();
  const { isBusy, failure, run } = useTask();
  const selected = useSelection(({ ordId }) => ordId);
  const [edited, setEdited] = useState<string | null>(null);
  return (
    <>
      {failure && <Notice kind="error">{failure.message}</Notice>}
      <Panel
        shown={shown}
        empty={{ title: "No open orders", help: "An order that waits in the book shows here." }}
      >
        {(rows) => (
          <table className="rows tight">
            <thead>
              <tr>
                <th className="wide">Time</th>
                <th>Market</th>
                <th className="wide">Kind</th>
                <th>Side</th>
                <th className="number">Price</th>
                <th className="number">Amount</th>
                <th className="number wide">Filled</th>
                <th className="number">
                  <Button
                    look="danger"
                    disabled={isBusy}
                    onClick={() => run(() => cancelAll(rows))}
                  >
                    Cancel all
                  </Button>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((order) => {
                const pair = pairs.get(order.instId);
                return edited === order.ordId && pair ? (
                  <Amending
                    key={order.ordId}
                    order={order}
                    pair={pair}
                    onEnd={() => setEdited(null)}
                  />
                ) : (
                  <tr
                    key={order.ordId}
                    data-selected={order.ordId === selected || undefined}
                    onClick={() => select(order.ordId)}
                    onFocus={() => select(order.ordId)}
                  >
                    <td className="quiet wide">{dayAndClock(order.cTime)}</td>
                    <td>{order.instId.replace("-", " / ")}</td>
                    <td className="wide">{KIND_WORDS[order.ordType]}</td>
                    <td className={order.side === "buy" ? "up" : "down"}>{sideWord(order.side)}</td>
                    <td className="number">{priceText(order.px, pair)}</td>
                    <td className="number">{sizeText(order.sz)}</td>
                    <td className="number wide">{sizeText(order.accFillSz)}</td>
                    <td className="number">
                      <Button
                        disabled={isBusy}
                        aria-label={`Amend: ${order.side} ${order.sz} at ${order.px}`}
                        onClick={() => setEdited(order.ordId)}
                      >
                        Amend
                      </Button>{" "}
                      <Button
                        look="danger"
                        disabled={isBusy}
                        aria-label={`Cancel: ${order.side} ${order.sz} at ${order.px}`}
                        onClick={() => run(() => cancel(order))}
                      >
                        Cancel
                      </Button>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </Panel>
    </>
  );
}

interface AmendingProps {
  order: Order;
  pair: Instrument;
  onEnd: () => void;
}

/** One row whose price and size are being changed. */
function Amending({ order, pair, onEnd }: AmendingProps) {
  const [price, setPrice] = useState(order.px);
  const [size, setSize] = useState(order.sz);
  const { isBusy, failure, run } = useTask();
  const reason = amendReason(order, price, size, pair);

  function submit(event: FormEvent) {
    event.preventDefault();
    const newPx = typed(price);
    const newSz = typed(size);
    if (reason || !newPx || !newSz) return;
    void run(async () => {
      await amend(order, {
        ...(!newPx.eq(decimal(order.px) ?? 0) && { newPx: newPx.toFixed() }),
        ...(!newSz.eq(decimal(order.sz) ?? 0) && { newSz: newSz.toFixed() }),
      });
      onEnd();
    });
  }

  return (
    <tr
      data-selected
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onEnd();
      }}
    >
      <td colSpan={8}>
        <form className="amending" onSubmit={submit}>
          <span className={order.side === "buy" ? "up" : "down"}>
            {sideWord(order.side)} {order.instId.replace("-", " / ")}
          </span>
          <label>
            Price{" "}
            <input
              inputMode="decimal"
              value={price}
              // biome-ignore lint/a11y/noAutofocus: somebody has just asked to change it
              autoFocus
              onChange={(event) => setPrice(event.target.value)}
            />
          </label>
          <label>
            Amount{" "}
            <input
              inputMode="decimal"
              value={size}
              onChange={(event) => setSize(event.target.value)}
            />
          </label>
          <Button type="submit" look="main" disabled={isBusy || reason !== null}>
            Change
          </Button>
          <Button onClick={onEnd}>Leave it</Button>
          <span role="status" className={failure ? "down" : "quiet"}>
            {failure?.message ?? reason}
          </span>
        </form>
      </td>
    </tr>
  );
}
