import type { WholeKey } from "./site";

/** A program that trades with a key: paste it into a terminal where ccxt is installed. */
export function snippet(origin: string, key: WholeKey): string {
  return `python - <<'PY'
import ccxt
exchange = ccxt.okx({
    "apiKey": "${key.apiKey}",
    "secret": "${key.secretKey}",
    "password": "${key.passphrase}",
    "urls": {"api": {"rest": "${origin}"}},
})
order = exchange.create_market_buy_order("BTC/USDT", 0.01)
print(exchange.fetch_order(order["id"], "BTC/USDT")["average"])
print(exchange.fetch_balance()["BTC"])
PY`;
}
