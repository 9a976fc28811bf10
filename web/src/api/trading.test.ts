import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useSession } from "./session";
import { cancelAll, place } from "./trading";

const KEY = { apiKey: "k", secretKey: "s", passphrase: "p" };
const ORDERS = Array.from({ length: 45 }, (_, n) => ({ instId: "A-B", ordId: String(n) }));
let sent: { ordId: string }[][];
let answers: ((items: { ordId: string }[]) => unknown)[];

/** Answers a batch: every item succeeds but those that are named with a code. */
function acks(codes: Record<string, string> = {}) {
  return (items: { ordId: string }[]) => ({
    code: Object.keys(codes).length ? "2" : "0",
    msg: "",
    data: items.map(({ ordId }) => ({ ordId, sCode: codes[ordId] ?? "0", sMsg: "said" })),
  });
}

beforeEach(() => {
  sent = [];
  answers = [];
  useSession.setState({ key: KEY });
  vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => {
    const items = JSON.parse(body);
    sent.push(items);
    const answer = (answers.shift() ?? acks())(items);
    return { json: async () => answer };
  });
});

afterEach(() => {
  useSession.setState({ key: null });
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("cancels all in batches, and takes one that is over already for canceled", async () => {
  answers = [acks({ "3": "51400" })];
  await cancelAll(ORDERS);
  expect(sent.map((batch) => batch.length)).toEqual([20, 20, 5]);
});

it("sends the batches after one that was refused, and tells the refusal at the end", async () => {
  answers = [acks({ "3": "50013" })];
  await expect(cancelAll(ORDERS)).rejects.toMatchObject({
    code: "50013",
    message: "The exchange is busy. Try again in a moment.",
  });
  expect(sent).toHaveLength(3);
});

it("tries once more, a moment later, what was too much at once", async () => {
  vi.useFakeTimers();
  answers = [() => ({ code: "50011", msg: "Too many", data: [] })];
  const done = cancelAll(ORDERS.slice(0, 2));
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1), { interval: 1 });
  await vi.advanceTimersByTimeAsync(1_000);
  await done;
  expect(sent).toHaveLength(2);
});

it("does not say that an order was not sent when only its answer is missing", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
  const wish = { instId: "A-B", tdMode: "cash", side: "buy", ordType: "limit", sz: "1" } as const;
  await expect(place(wish)).rejects.toMatchObject({ code: "unanswered" });
});
