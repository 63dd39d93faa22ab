import type { DocumentStatus } from '../../contracts/documents/vocabulary.ts';
import { withServices } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { printList } from '../terminal/output.ts';
import { DOCUMENT_HEAD, documentCells } from './tables.ts';
import type { DocumentContext } from './ports.ts';

/** Options of `perennial documents list` and `search`. */
export interface ListOptions {
  readonly status?: DocumentStatus;
  readonly limit: number;
  readonly after?: string;
}

/** `perennial documents list`, or `search` when words are given. */
export async function listDocuments(
  context: DocumentContext,
  words: readonly string[],
  options: ListOptions,
): Promise<number> {
  return withServices(context, async ({ documents }) => {
    const { status, limit, after } = options;
    const page = await documents.list({
      limit,
      ...(status === undefined ? {} : { status }),
      ...(after === undefined ? {} : { after }),
      ...(words.length === 0 ? {} : { search: words.join(' ') }),
    });
    printList(context, { rows: page.documents, page, head: DOCUMENT_HEAD, cells: documentCells, next: page.next });
    return exitCodes.ok;
  });
}
