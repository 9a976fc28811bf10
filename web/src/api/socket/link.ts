/** One WebSocket of the API: connects again by itself, logs in again, subscribes again. */
import { type Credentials, signature } from "../sign";
import { type Arg, type LinkState, nameOf, type Path } from "./messages";

const PING_MS = 15_000;
const SILENCE_MS = 25_000;
const RETRY_MS = [250, 500, 1_000, 2_000, 4_000];

export interface Push {
  arg: Arg;
  action?: "snapshot" | "update";
  data: unknown[];
}

export interface Listener {
  changed(state: LinkState): void;
  pushed(push: Push): void;
  refused(arg: Arg | null, code: string, message: string): void;
}

export class Link {
  readonly #url: string;
  readonly #path: Path;
  readonly #listener: Listener;
  readonly #args = new Map<string, Arg>();
  #credentials: Credentials | null = null;
  #socket: WebSocket | null = null;
  #isIn = false;
  #failures = 0;
  #heard = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(base: string, path: Path, listener: Listener) {
    this.#url = `${base}/ws/v5/${path}`;
    this.#path = path;
    this.#listener = listener;
  }

  /** Says who is logged in; null for nobody. The private socket exists only for somebody. */
  logIn(credentials: Credentials | null): void {
    this.#credentials = credentials;
    this.#close();
    this.#listener.changed("idle");
    if (credentials && this.#args.size) this.#open();
  }

  subscribe(arg: Arg): void {
    this.#args.set(nameOf(arg), arg);
    if (!this.#socket) this.#open();
    else if (this.#isIn) this.#ask("subscribe", [arg]);
  }

  unsubscribe(arg: Arg): void {
    if (this.#args.delete(nameOf(arg)) && this.#isIn) this.#ask("unsubscribe", [arg]);
    // Nobody misses a lost connection that nobody wants any more.
    if (!this.#args.size && !this.#socket) this.#listener.changed("idle");
  }

  /** Asks for a new snapshot. */
  again(arg: Arg): void {
    if (this.#isIn && this.#args.has(nameOf(arg))) this.#ask("subscribe", [arg]);
  }

  #open(): void {
    if (this.#path === "private" && !this.#credentials) return;
    this.#listener.changed("connecting");
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#isIn = false;
    socket.onopen = () => void this.#begin(socket);
    socket.onmessage = (event) => this.#take(socket, String(event.data));
    socket.onclose = () => this.#lost(socket);
  }

  async #begin(socket: WebSocket): Promise<void> {
    this.#heard = Date.now();
    this.#timer = setInterval(() => this.#watch(socket), PING_MS);
    if (this.#path !== "private" || !this.#credentials) {
      this.#enter();
      return;
    }
    const { apiKey, passphrase, secretKey } = this.#credentials;
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const sign = await signature(secretKey, `${timestamp}GET/users/self/verify`);
    socket.send(JSON.stringify({ op: "login", args: [{ apiKey, passphrase, timestamp, sign }] }));
  }

  #enter(): void {
    this.#isIn = true;
    this.#failures = 0;
    if (this.#args.size) this.#ask("subscribe", [...this.#args.values()]);
    this.#listener.changed("live");
  }

  #take(socket: WebSocket, text: string): void {
    if (socket !== this.#socket) return;
    this.#heard = Date.now();
    if (text === "pong") return;
    const message = JSON.parse(text);
    if (message.event === "login") this.#enter();
    else if (message.event === "error")
      this.#listener.refused(message.arg ?? null, message.code, message.msg);
    else if (message.data) this.#listener.pushed(message);
  }

  #watch(socket: WebSocket): void {
    // A connection may be dead without a word; what it last said must not be shown as live.
    if (Date.now() - this.#heard > SILENCE_MS) this.#lost(socket);
    else if (socket.readyState === WebSocket.OPEN) socket.send("ping");
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#close();
    this.#listener.changed(this.#args.size ? "lost" : "idle");
    const wait = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)] as number;
    this.#failures += 1;
    setTimeout(() => {
      if (!this.#socket && this.#args.size) this.#open();
    }, wait);
  }

  #close(): void {
    clearInterval(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.#isIn = false;
    socket?.close();
  }

  #ask(op: "subscribe" | "unsubscribe", args: Arg[]): void {
    this.#socket?.send(JSON.stringify({ op, args }));
  }
}
