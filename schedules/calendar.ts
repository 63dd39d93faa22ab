/** Calendars, to which every form of crontab is compiled. All fields must match (AND), as on Temporal's server. */

/** Times of the wall clock, as sorted lists of the values that each field may have. Seconds are 0. */
export interface Calendar {
  /** 0…59. */
  readonly minutes: readonly number[];
  /** 0…23. */
  readonly hours: readonly number[];
  /** 1…31. */
  readonly daysOfMonth: readonly number[];
  /** 1…12. */
  readonly months: readonly number[];
  /** 0…6, 0 is Sunday. */
  readonly daysOfWeek: readonly number[];
}

/** Returns all values from `min` to `max`, both included. */
export function span(min: number, max: number, step = 1): readonly number[] {
  const values: number[] = [];
  for (let value = min; value <= max; value += step) values.push(value);
  return values;
}

/** Every value of each field. */
export const ALL: Calendar = {
  minutes: span(0, 59),
  hours: span(0, 23),
  daysOfMonth: span(1, 31),
  months: span(1, 12),
  daysOfWeek: span(0, 6),
};

/** Tells whether a calendar includes the day of a wall clock, which is given as if it were UTC. */
export function hasDay({ months, daysOfMonth, daysOfWeek }: Calendar, wallMs: number): boolean {
  const day = new Date(wallMs);
  return (
    months.includes(day.getUTCMonth() + 1) &&
    daysOfMonth.includes(day.getUTCDate()) &&
    daysOfWeek.includes(day.getUTCDay())
  );
}

/** Tells whether a calendar includes this time of a wall clock, which is given as if it were UTC. */
export function hasTime(calendar: Calendar, wallMs: number): boolean {
  const time = new Date(wallMs);
  return (
    hasDay(calendar, wallMs) &&
    calendar.hours.includes(time.getUTCHours()) &&
    calendar.minutes.includes(time.getUTCMinutes()) &&
    time.getUTCSeconds() === 0
  );
}

const LONGEST: Readonly<Record<number, number>> = { 2: 29, 4: 30, 6: 30, 9: 30, 11: 30 };

/** Tells whether a date of the calendar ever occurs, unlike the 30th of February. */
export function everComes({ months, daysOfMonth }: Calendar): boolean {
  return months.some((month) => daysOfMonth.some((day) => day <= (LONGEST[month] ?? 31)));
}

/** Values at equal distances. */
export interface ValueRange {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Returns the shortest list of ranges that holds exactly these sorted values, which is what the server receives. */
export function toRanges(values: readonly number[]): readonly ValueRange[] {
  const ranges: ValueRange[] = [];
  for (let at = 0; at < values.length;) {
    const range = longestRange(values, at);
    ranges.push(range);
    at += (range.end - range.start) / range.step + 1;
  }
  return ranges;
}

function longestRange(values: readonly number[], at: number): ValueRange {
  const start = values[at] ?? 0;
  const step = (values[at + 1] ?? start + 1) - start;
  let end = start;
  for (let next = at + 1; values[next] === end + step; next += 1) end += step;
  // Two values alone do not form a range, because the second may begin a longer one.
  return end - start === step && step > 1 ? { start, end: start, step: 1 } : { start, end, step };
}
