/** The exchange's own API, over REST. Private calls are signed with the key of this page. */
import { Failure, UNANSWERED, UNREACHABLE } from "@/lib/failure";
import { refusalWords } from "./refusals";
import { type Credentials, signature } from "./sign";

interface Envelope<T> {
  code: string;
  msg: string;
  data: T[];
}

/** The result of one item of a request; "0" is success. */
export interface Ack {
  sCode: string;
  sMsg: string;
}

/** The most rows that one question is answered with. */
export const PAGE = 100;
/** More than anybody may have open at a time. */
const PAGES_MAX = 50;

/** Asks what everybody may know. */
export function publicGet<T>(path: string, query: Record<string, string> = {}): Promise<T[]> {
  return send<T>(target(path, query), {});
}

/** Asks what one account may know. */
export async function privateGet<T>(
  key: Credentials,
  path: string,
  query: Record<string, string> = {},
): Promise<T[]> {
  const where = target(path, query);
  return send<T>(where, { headers: await headers(key, "GET", where, "") });
}

/** Asks for all rows that there are, page by page, by the name of the last one of each. */
export async function privateGetAll<T>(
  key: Credentials,
  path: string,
  query: Record<string, string>,
  nameOf: (row: T) => string,
): Promise<T[]> {
  const rows: T[] = [];
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const last = rows.at(-1);
    const page = await privateGet<T>(key, path, last ? { ...query, after: nameOf(last) } : query);
    rows.push(...page);
    if (page.length < PAGE) break;
  }
  return rows;
}

/** Asks for something to be done. */
export async function privatePost<T>(key: Credentials, path: string, body: object): Promise<T[]> {
  const text = JSON.stringify(body);
  const where = target(path, {});
  return send<T>(where, {
    method: "POST",
    headers: await headers(key, "POST", where, text),
    body: text,
  });
}

/** Asks for something to be done to each of many; returns what became of each. */
export async function privateBatch(
  key: Credentials,
  path: string,
  items: readonly object[],
): Promise<Ack[]> {
  const text = JSON.stringify(items);
  const where = target(path, {});
  const answer = await exchange<Ack>(where, {
    method: "POST",
    headers: await headers(key, "POST", where, text),
    body: text,
  });
  // "1" and "2" say that all or some were refused; the items say why.
  if (answer.data.length !== items.length) throw refusal(answer);
  return answer.data;
}

function target(path: string, query: Record<string, string>): string {
  const text = new URLSearchParams(query).toString();
  return `/api/v5/${path}${text && `?${text}`}`;
}

async function headers(
  key: Credentials,
  method: string,
  where: string,
  body: string,
): Promise<Record<string, string>> {
  const now = new Date().toISOString();
  return {
    "Content-Type": "application/json",
    "OK-ACCESS-KEY": key.apiKey,
    "OK-ACCESS-PASSPHRASE": key.passphrase,
    "OK-ACCESS-TIMESTAMP": now,
    "OK-ACCESS-SIGN": await signature(key.secretKey, now + method + where + body),
  };
}

async function send<T>(where: string, how: RequestInit): Promise<T[]> {
  const answer = await exchange<T>(where, how);
  if (answer.code !== "0") throw refusal(answer);
  return answer.data;
}

async function exchange<T>(where: string, how: RequestInit): Promise<Envelope<T>> {
  try {
    const response = await fetch(where, how);
    return await response.json();
  } catch {
    throw how.method === "POST" ? UNANSWERED : UNREACHABLE;
  }
}

/** Of a request with one item, the item says why; the envelope only that something was wrong. */
function refusal(answer: Envelope<unknown>): Failure {
  const item = answer.data?.[0] as Partial<Ack> | undefined;
  return item?.sCode && item.sCode !== "0"
    ? refused({ sCode: item.sCode, sMsg: item.sMsg ?? "" })
    : refused({ sCode: answer.code, sMsg: answer.msg });
}

/** Why one item was refused. */
export function refused({ sCode, sMsg }: Ack): Failure {
  return new Failure(sCode, refusalWords(sCode, sMsg));
}
