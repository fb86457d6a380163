import { useSyncExternalStore } from "react";

const MINUTE_MS = 60_000;
const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
/** For days of which no hour is known. */
const UTC_DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const UTC_DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeZone: "UTC" });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
// In numbers: "tomorrow" would be wrong for most times that are one whole day ahead.
const RELATIVE = new Intl.RelativeTimeFormat(undefined);
const THIS_MINUTE = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(0, "minute");
const UNITS: ReadonlyArray<[Intl.RelativeTimeFormatUnit, number]> = [
  ["day", 24 * 60 * MINUTE_MS],
  ["hour", 60 * MINUTE_MS],
  ["minute", MINUTE_MS],
];

/** The clock of all relative times on the page, which ticks every minute. */
class Clock {
  private now = Date.now();
  private readonly listeners = new Set<() => void>();

  constructor() {
    setInterval(() => {
      this.now = Date.now();
      for (const listener of this.listeners) listener();
    }, MINUTE_MS);
  }

  readonly current = () => this.now;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

const clock = new Clock();

interface Props {
  at: string;
  /** Midnight UTC stands for the whole day. */
  isWholeDay?: boolean;
}

const titleOf = (date: Date, isWholeDay: boolean) => (isWholeDay ? UTC_DAY : EXACT).format(date);

/** A day, such as "1 Mar 2026". The exact time is its title. */
export function Day({ at, isWholeDay = false }: Props) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={titleOf(date, isWholeDay)}>
      {(isWholeDay ? UTC_DATE : DATE).format(date)}
    </time>
  );
}

/** A time relative to now, such as "in 3 days" and "2 hours ago". */
export function TimeAgo({ at, isWholeDay = false }: Props) {
  const now = useSyncExternalStore(clock.subscribe, clock.current);
  const date = new Date(at);
  return (
    <time dateTime={at} title={titleOf(date, isWholeDay)}>
      {relative(date.getTime() - now)}
    </time>
  );
}

function relative(milliseconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => Math.abs(milliseconds) >= each) ?? ["minute", MINUTE_MS];
  const number = Math.trunc(milliseconds / size);
  return number === 0 ? THIS_MINUTE : RELATIVE.format(number, unit);
}
