/** Times for people, in their own zone, always the same width. */
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const DAY = new Intl.DateTimeFormat("en-GB", { month: "2-digit", day: "2-digit" });

/** Hours, minutes and seconds of a time in milliseconds. */
export function clock(ms: string): string {
  return CLOCK.format(Number(ms));
}

/** The same with the day before it. */
export function dayAndClock(ms: string): string {
  return `${DAY.format(Number(ms))} ${CLOCK.format(Number(ms))}`;
}
