import { useEffect, useRef, useState } from "react";
import type { BookView } from "@/api/socket/messages";

const EVERY_MS = 5_000;
const ROWS = 10;

/** The book for those who hear it: a table, new every five seconds, that does not speak by itself. */
export function BookTable({ book }: { book: BookView }) {
  const latest = useRef(book);
  latest.current = book;
  const [said, setSaid] = useState(book);
  useEffect(() => {
    const timer = setInterval(() => setSaid(latest.current), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <table className="unseen">
      <caption>
        Order book of {said.instId}: best bid {said.bids[0]?.[0] ?? "none"}, best ask{" "}
        {said.asks[0]?.[0] ?? "none"}
      </caption>
      <thead>
        <tr>
          <th scope="col">Side</th>
          <th scope="col">Price</th>
          <th scope="col">Amount</th>
          <th scope="col">Sum</th>
        </tr>
      </thead>
      <tbody>
        {(["askSteps", "bidSteps"] as const).flatMap((side) =>
          said[side].slice(0, ROWS).map((step) => (
            <tr key={`${side} ${step.price}`}>
              <td>{side === "askSteps" ? "ask" : "bid"}</td>
              <td>{step.price}</td>
              <td>{step.size}</td>
              <td>{step.total}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}
