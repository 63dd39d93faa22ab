/**
 * The format of a backup: a gzipped SQL script, which `psql` can also load once the tables exist.
 *
 *     -- perennial-backup {…header}
 *     BEGIN;
 *     COPY "documents" ("id", …) FROM stdin;
 *     …rows…
 *     \.
 *     -- table {"name":"documents","rows":12,"sha256":"…"}
 *     SELECT pg_catalog.setval('"numbers_id_seq"', 7, true);
 *     COMMIT;
 *     -- end {"tables":9,"rows":345}
 */
import { z } from 'zod';

/** Prefix of the first line, followed by the header as JSON. */
export const HEADER = '-- perennial-backup ';
/** Prefix of the line after the rows of a table, followed by its summary as JSON. */
export const TABLE = '-- table ';
/** Prefix of the last line, followed by the totals as JSON. */
export const END = '-- end ';
/** Line that begins the transaction of the script. */
export const BEGIN = 'BEGIN;';
/** Line that commits the transaction of the script. */
export const COMMIT = 'COMMIT;';

/** Ends the rows of a table; no row in COPY's text format can equal it. */
export const ROWS_END = '\\.';

const nameSchema = z.string().min(1).max(63);

/** Validates the header of a backup. */
export const headerSchema = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  /** Version of the PostgreSQL server. */
  server: z.string(),
  /** Migrations of the database, oldest first. */
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })).min(1),
  /** Tables in an order in which they can be loaded: each after those that it references. */
  tables: z.array(z.object({ name: nameSchema, columns: z.array(nameSchema).min(1) })),
  sequences: z.array(z.object({ name: nameSchema, value: z.string().regex(/^-?\d+$/) })),
});
/** Validates the summary of a table. */
export const tableEndSchema = z.object({ name: nameSchema, rows: z.int().nonnegative(), sha256: z.string() });
/** Validates the totals at the end of a backup. */
export const endSchema = z.object({ tables: z.int(), rows: z.int() });

/** The header of a backup. */
export type BackupHeader = z.infer<typeof headerSchema>;

/** A table and its columns, without generated ones. */
export type BackupTable = BackupHeader['tables'][number];

/** The summary after the rows of a table. */
export type TableEnd = z.infer<typeof tableEndSchema>;

/** Quotes a name for a statement. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Formats the table and its columns for COPY. */
export function copyTarget({ name, columns }: BackupTable): string {
  return `${quoted(name)} (${columns.map(quoted).join(', ')})`;
}

/** Formats the line before the rows of a table. */
export function copyLine(table: BackupTable): string {
  return `COPY ${copyTarget(table)} FROM stdin;`;
}

/** Formats the line that restores the value of a sequence. */
export function sequenceLine({ name, value }: BackupHeader['sequences'][number]): string {
  return `SELECT pg_catalog.setval('${quoted(name).replaceAll("'", "''")}', ${value}, true);`;
}
