/** Times along the chart: in the reader's own zone like everywhere on the page; days are those of UTC. */
import { TickMarkType, type Time } from "lightweight-charts";
import type { BarName } from "./candles";

type Words = Intl.DateTimeFormatOptions;

function format(bar: BarName, words: Words): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-GB", { ...words, ...(bar === "1D" && { timeZone: "UTC" }) });
}

/** Labels of the axis. */
export function tickWords(bar: BarName): (time: Time, kind: TickMarkType) => string {
  const clock = format(bar, { hour: "2-digit", minute: "2-digit" });
  const day = format(bar, { day: "numeric", month: "short" });
  const month = format(bar, { month: "short" });
  const year = format(bar, { year: "numeric" });
  const of: Record<TickMarkType, Intl.DateTimeFormat> = {
    [TickMarkType.Year]: year,
    [TickMarkType.Month]: month,
    [TickMarkType.DayOfMonth]: day,
    [TickMarkType.Time]: clock,
    [TickMarkType.TimeWithSeconds]: clock,
  };
  return (time, kind) => of[kind].format(Number(time) * 1_000);
}

/** The time of the candle under the pointer. */
export function timeWords(bar: BarName): (time: Time) => string {
  const words: Words = { day: "numeric", month: "short", year: "numeric" };
  const whole = format(
    bar,
    bar === "1D" ? words : { ...words, hour: "2-digit", minute: "2-digit" },
  );
  return (time) => whole.format(Number(time) * 1_000);
}
