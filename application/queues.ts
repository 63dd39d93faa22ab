/** Queues of an application and of its plug-ins. */
import { mayNameQueue, QUEUE_NAME_EXPECTED } from '../contracts/queues/names.ts';
import { PRIORITY_NORMAL } from '../contracts/queues/priorities.ts';
import { queueTable, type QueueRow } from '../contracts/queues/table.ts';
import type { QueueOptions } from '../define/queue.ts';
import type { ApplicationFault } from './faults.ts';

/** Queues by name, and who declares them. */
export interface Queues {
  /** How faults name the place. */
  readonly of: string;
  readonly queues: Readonly<Record<string, QueueOptions>>;
}

/** Rows of the queues of the product. */
export const rowsOfProduct: ReadonlyMap<string, QueueRow> = new Map(queueTable.map((row) => [row.queue, row]));

/** Activities that a worker runs at once from a queue that does not say it: most work waits for other machines. */
const USUAL_SLOTS = 20;

/** Completes the rows of queues; what is wrong with their names becomes faults. */
export function queueRows(declared: readonly Queues[], faults: ApplicationFault[]): readonly QueueRow[] {
  const seen = new Map<string, string>();
  return declared.flatMap(({ of, queues }) =>
    Object.entries(queues).map(([queue, options]): QueueRow => {
      const wrong = nameFault(queue, seen);
      if (wrong !== undefined)
        faults.push({ field: of, ...wrong, got: `'${queue}'`, remedy: 'Give the queue another name.' });
      seen.set(queue, of);
      const { priority = PRIORITY_NORMAL, slots = USUAL_SLOTS, purpose = '', rate, language } = options;
      return {
        queue,
        priority,
        slots,
        purpose,
        ...(rate === undefined ? {} : { rate }),
        ...(language === undefined ? {} : { language }),
      };
    }),
  );
}

function nameFault(queue: string, seen: ReadonlyMap<string, string>): { readonly expected: string } | undefined {
  if (rowsOfProduct.has(queue)) return { expected: 'a name that no queue of the product has' };
  if (seen.has(queue)) return { expected: `a name that no other queue has, such as one of ${seen.get(queue) ?? ''}` };
  if (!mayNameQueue(queue) || queue.includes('@')) return { expected: `${QUEUE_NAME_EXPECTED}, without @` };
  return undefined;
}
