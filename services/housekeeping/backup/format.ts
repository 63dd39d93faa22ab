/**
 * The form of a backup: a gzipped SQL script, so that `psql` can load it too
 * once the tables exist.
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

export const HEADER = '-- perennial-backup ';
export const TABLE = '-- table ';
export const END = '-- end ';
export const BEGIN = 'BEGIN;';
export const COMMIT = 'COMMIT;';

/** Ends the rows of a table; in COPY's text form no row can look like it. */
export const ROWS_END = '\\.';

const nameSchema = z.string().min(1).max(63);

export const headerSchema = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  /** Version of the PostgreSQL server. */
  server: z.string(),
  /** Migrations of the database, oldest first. */
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })).min(1),
  /** In an order in which they can be loaded: a table after those that it refers to. */
  tables: z.array(z.object({ name: nameSchema, columns: z.array(nameSchema).min(1) })),
  sequences: z.array(z.object({ name: nameSchema, value: z.string().regex(/^-?\d+$/) })),
});
export const tableEndSchema = z.object({ name: nameSchema, rows: z.int().nonnegative(), sha256: z.string() });
export const endSchema = z.object({ tables: z.int(), rows: z.int() });

/** What stands at the head of a backup. */
export type BackupHeader = z.infer<typeof headerSchema>;

/** A table and its columns, generated ones left out. */
export type BackupTable = BackupHeader['tables'][number];

/** What stands after the rows of a table. */
export type TableEnd = z.infer<typeof tableEndSchema>;

/** A name as it stands in a statement. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The table and its columns, as COPY names them. */
export function copyTarget({ name, columns }: BackupTable): string {
  return `${quoted(name)} (${columns.map(quoted).join(', ')})`;
}

/** The line before the rows of a table. */
export function copyLine(table: BackupTable): string {
  return `COPY ${copyTarget(table)} FROM stdin;`;
}

/** The line that sets a sequence to where it was. */
export function sequenceLine({ name, value }: BackupHeader['sequences'][number]): string {
  return `SELECT pg_catalog.setval('${quoted(name).replaceAll("'", "''")}', ${value}, true);`;
}
