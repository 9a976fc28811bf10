/** The exchange's own API, over REST. Private calls are signed with the key of this page. */
import { Failure, UNREACHABLE } from "@/lib/failure";
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
  let response: Response;
  try {
    response = await fetch(where, how);
  } catch {
    throw UNREACHABLE;
  }
  const answer: Envelope<T> = await response.json().catch(() => {
    throw UNREACHABLE;
  });
  if (answer.code !== "0") throw refusal(answer);
  return answer.data;
}

/** Of a request with one item, the item says why; the envelope only that something was wrong. */
function refusal(answer: Envelope<unknown>): Failure {
  const item = answer.data[0] as Partial<Ack> | undefined;
  const [code, said] =
    item?.sCode && item.sCode !== "0" ? [item.sCode, item.sMsg ?? ""] : [answer.code, answer.msg];
  return new Failure(code, refusalWords(code, said));
}
