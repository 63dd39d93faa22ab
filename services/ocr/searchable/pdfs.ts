/** Makes searchable PDFs: a copy of a PDF with its recognised text, or drawn pages where there is no PDF to copy. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerennialError } from '../../../contracts/failures.ts';
import type { PageReading } from '../port.ts';
import { drawPdf } from './drawn.ts';
import type { AddedText, SearchablePdf, SearchablePdfs, SearchableReader, SearchableSource } from './port.ts';

/** Creates the maker of searchable PDFs over a reader of pages. */
export function createSearchablePdfs(reader: SearchableReader): SearchablePdfs {
  return {
    open: async (source, format, signal) => {
      const drawn = async (reason?: string): Promise<SearchablePdf> => ({
        pages: 'drawn',
        ...(reason === undefined ? {} : { reason }),
        content: await drawPdf(source, format, reader, signal),
        release: () => Promise.resolve(),
      });
      if (format === 'pdfa') return drawn();
      const { mediaType } = await reader.inspect(source.path, signal);
      if (mediaType !== 'application/pdf') return drawn();
      try {
        return await copyOf(source, reader, signal);
      } catch (error) {
        if (!(error instanceof PerennialError)) throw error;
        return drawn(error.type);
      }
    },
  };
}

async function copyOf(
  { path, readings }: SearchableSource,
  reader: SearchableReader,
  signal: AbortSignal,
): Promise<SearchablePdf> {
  const added = readings.filter(({ origin }) => origin !== 'text-layer').map(addedText);
  // Without text to add, the file itself is the answer, with its signatures.
  if (added.length === 0)
    return { pages: 'original', content: createReadStream(path), release: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'perennial-pdf-'));
  const release = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const target = join(folder, 'searchable.pdf');
    const { signatures } = await reader.addText(path, target, added, signal);
    return { pages: 'original', losesSignatures: signatures > 0, content: createReadStream(target), release };
  } catch (error) {
    await release();
    throw error;
  }
}

function addedText({ page, text, words, rotation, skew, origin }: PageReading): AddedText {
  return { page, text, words, rotation, skew, origin };
}
