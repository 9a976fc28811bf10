import { useEffect, useMemo, useRef } from "react";
import { useTicker } from "@/api/market";
import { useOpenOrders } from "@/api/own";
import type { BookView } from "@/api/socket/messages";
import { groupBook, listen, useStreams } from "@/api/socket/stream";
import type { Instrument } from "@/api/types";
import { decimal, placesOf, shown } from "@/lib/decimal";
import { useVisit } from "@/lib/useVisit";
import { Bones } from "@/ui/Bones";
import { Empty } from "@/ui/Empty";
import { change } from "../ticket/draft";
import { BookCanvas } from "./BookCanvas";
import { BookTable } from "./BookTable";
import { cut } from "./paint";
import { Sides } from "./Sides";
import { setBookStep, stepsOf, useReading } from "./steps";
import "./book.css";

const ROW = 20;

/** What others offer, in steps of price. */
export function BookPanel({ pair }: { pair: Instrument }) {
  const { instId, tickSz, lotSz, minSz } = pair;
  const { level, view } = useReading();
  const { ticker } = useTicker(instId);
  const now = useStreams((streams) => streams.books[instId]);
  const isLive = useStreams((streams) => streams.links.public === "live");
  const mine = useOpenOrders();
  const visit = useVisit();
  const before = useRef<BookView | undefined>(undefined);
  const last = decimal(ticker?.last);
  const steps = stepsOf(tickSz, last);
  const step = steps[Math.min(level, steps.length - 1)] ?? tickSz;
  const places = placesOf(tickSz);
  const sizes = placesOf(minSz);

  useEffect(
    () => (visit ? listen("public", { channel: "books", instId }) : undefined),
    [instId, visit],
  );
  useEffect(
    () => groupBook(instId, { step, pricePlaces: places, sizePlaces: placesOf(lotSz) }),
    [instId, step, places, lotSz],
  );

  // Until the new book is here, the old one is shown, dimmed.
  if (now?.step) before.current = now;
  const book = now?.step ? now : before.current?.instId === instId ? before.current : undefined;
  const isCurrent = isLive && !!now?.step;
  const spread = spreadOf(book, places);
  const isUp = useIsUp(ticker?.last);
  const marks = useMemo(
    () =>
      new Set(
        mine.rows
          ?.filter((order) => order.instId === instId)
          .map((order) => stepOf(order.px, order.side, step, places)) ?? [],
      ),
    [mine.rows, instId, step, places],
  );
  const scene = useMemo(
    () =>
      book && {
        book,
        pricePlaces: Math.min(placesOf(step), places),
        sizePlaces: sizes,
        mine: marks,
        view,
        spread,
        last: ticker?.last ? cut(ticker.last, places) : "–",
        isUp,
      },
    [book, step, places, sizes, marks, spread, ticker, isUp, view],
  );

  return (
    <section className="panel book" data-panel="book" aria-label="Order book">
      <header>
        <h2>Order book</h2>
        <Sides view={view} />
        <label>
          <span className="unseen">Steps of price</span>
          <select value={step} onChange={({ target }) => setBookStep(steps.indexOf(target.value))}>
            {steps.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      </header>
      <div className="heads" aria-hidden="true">
        <span>
          Price <i>({pair.quoteCcy})</i>
        </span>
        <span>
          Amount <i>({pair.baseCcy})</i>
        </span>
        <span>Sum</span>
      </div>
      <div className="book-body" data-stale={(!!book && !isCurrent) || undefined}>
        {!scene && <Bones rows={14} />}
        {scene && !scene.book.asks.length && !scene.book.bids.length ? (
          <Empty title="The book is empty">The first order that rests shows here.</Empty>
        ) : (
          scene && (
            <BookCanvas
              scene={scene}
              row={ROW}
              label={`Order book of ${instId}; the same as a table follows`}
              onPick={(price) => change({ price: decimal(price)?.toFixed() ?? "", kind: "limit" })}
            />
          )
        )}
        {book && <BookTable book={book} />}
      </div>
    </section>
  );
}

/** Whether the price came to where it is from below; null until it has moved. */
function useIsUp(last: string | undefined): boolean | null {
  const known = useRef<{ last: string | undefined; isUp: boolean | null }>({ last, isUp: null });
  if (last && last !== known.current.last) {
    const before = known.current.last;
    known.current = { last, isUp: before ? Number(last) > Number(before) : null };
  }
  return known.current.isUp;
}

function spreadOf(book: BookView | undefined, places: number): string {
  const ask = decimal(book?.asks[0]?.[0]);
  const bid = decimal(book?.bids[0]?.[0]);
  return ask && bid ? shown(ask.minus(bid), places) : "–";
}

/** The step of a book in which an own price lies. */
function stepOf(px: string, side: "buy" | "sell", step: string, places: number): string {
  const price = decimal(px);
  return price
    ? price
        .div(step)
        .round(0, side === "buy" ? 0 : 3)
        .times(step)
        .toFixed(places)
    : "";
}
