/** From rows and bodies of tasks of one's own to activities: each body behind the shell. */
import { schemasOf } from '../../contracts/own/schema.ts';
import type { OwnTask } from '../../contracts/own/vocabulary.ts';
import type { InputOf, OutputOf } from '../../contracts/tasks/definition.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import type { DocumentStore } from '../../services/documents/port.ts';
import { shell, type ShellOptions, type TaskBody } from '../shell/shell.ts';

/** What bodies may use of the product. */
export interface OwnPorts {
  readonly documents: DocumentStore;
  readonly blobs: BlobStore;
}

type OwnRow = OwnTask<string, unknown, unknown>;

/** A body for each row, under its key; the compiler misses one that is not there. */
type BodiesOf<Rows> = { readonly [Key in keyof Rows]: TaskBody<InputOf<Rows[Key]>, OutputOf<Rows[Key]>> };

/** Functions by task name, as a worker registers them. */
type Activities = Readonly<Record<string, (input: unknown) => Promise<unknown>>>;

/** Binds rows to their bodies; gives the factory that a worker calls with what it has. */
export function activitiesOf<const Rows extends Readonly<Record<string, OwnRow>>>(
  rows: Rows,
  createBodies: (ports: OwnPorts) => BodiesOf<Rows>,
): (ports: OwnPorts, options: ShellOptions) => Activities {
  return (ports, options) => {
    const bodies = createBodies(ports);
    const activity = (key: keyof Rows, row: OwnRow): [string, Activities[string]] => {
      // What a body is given has passed the schema of its row.
      const body = bodies[key] as TaskBody<unknown, unknown>;
      return [row.name, shell(row, schemasOf(row), body, options)];
    };
    return Object.fromEntries(Object.entries(rows).map(([key, row]) => activity(key, row)));
  };
}
