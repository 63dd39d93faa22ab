/** Columns of a `RangeState`; a double holds byte positions exactly up to 8 PB. */
export const RANGE_COLUMNS = `start_at::float8 as "from", end_at::float8 as "to", done_to::float8 as "doneTo", line::float8 as line,
  read::float8 as read, saved::float8 as saved, rejected::float8 as rejected, skipped::float8 as skipped`;
