/** Why the exchange refuses an order, in words for people: by code, because its own are for programs. */
const WORDS: Readonly<Record<string, string>> = {
  "50011": "Too many requests at once. Try again in a moment.",
  "50013": "The exchange is busy. Try again in a moment.",
  "51006": "The price is too far from the market.",
  "51008": "Your balance does not cover the order.",
  "51020": "The amount is below the smallest order.",
  "51021": "This market is not open yet.",
  "51022": "This market does not take orders at the moment.",
  "51025": "You have too many open orders. Cancel some first.",
  "51046": "The take-profit of a buy order must be above its price.",
  "51047": "The stop-loss of a buy order must be below its price.",
  "51048": "The take-profit of a sell order must be below its price.",
  "51049": "The stop-loss of a sell order must be above its price.",
  "51250": "Nothing has traded here yet, so there is no price to compare with.",
  "51257": "A trailing stop follows at a distance of 0.1 to 100 %.",
  "51258": "The price at which a selling trailing stop starts must be above the last price.",
  "51259": "The price at which a buying trailing stop starts must be below the last price.",
  "51277": "The take-profit of a buy must be below the last price.",
  "51278": "The stop-loss of a buy must be above the last price.",
  "51279": "The take-profit of a sell must be above the last price.",
  "51280": "The stop-loss of a sell must be below the last price.",
  "51299": "You have too many orders of this kind that wait. Cancel some first.",
  "51400": "The order is over: filled, canceled or never there.",
  "51416": "The order has fired already.",
  "51503": "The order is over: fired, canceled or never there.",
  "51506": "An order of this kind cannot be changed. Cancel it and place another.",
};

/** What to say to somebody whose order was refused; what the exchange said where there is nothing better. */
export function refusalWords(code: string, said: string): string {
  return WORDS[code] ?? said;
}
