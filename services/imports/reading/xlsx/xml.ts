/** XML of any length, element by element, never whole in memory. */
import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import { PerennialError } from '../../../../contracts/failures.ts';
import { unreadable } from './zip.ts';

/** What a reader of a part is told. Names come without their namespace prefix. */
export interface XmlHandlers {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** No cell holds more; a part with a longer text is hostile. */
const MAX_TEXT = 1_000_000;

/**
 * Feeds a part to handlers, chunk by chunk; after each chunk `flush` may hand on what has come together.
 *
 * @throws PerennialError `ImportUnreadable` for anything that is not well-formed, or declares entities
 */
export async function* readXml<T>(
  part: Readable,
  handlers: XmlHandlers,
  flush: () => T | undefined,
): AsyncGenerator<T> {
  const parser = newParser(handlers);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of part as AsyncIterable<Buffer>) {
      parser.write(decoder.decode(chunk, { stream: true }));
      const ready = flush();
      if (ready !== undefined) yield ready;
    }
    parser.close();
  } catch (error) {
    throw error instanceof PerennialError ? error : unreadable('a damaged part', error);
  } finally {
    part.destroy();
  }
  const rest = flush();
  if (rest !== undefined) yield rest;
}

/** As {@link readXml}, where nothing is handed on before the end. */
export async function readWholeXml(part: Readable, handlers: XmlHandlers): Promise<void> {
  for await (const _nothing of readXml(part, handlers, () => undefined)) {
    // flush never gives anything
  }
}

function newParser(handlers: XmlHandlers): SaxesParser {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  // Workbooks have none; entities that expand to entities are an old way to fill a memory.
  parser.on('doctype', () => {
    throw unreadable('a document type declaration');
  });
  parser.on('opentag', ({ name, attributes }) => handlers.open?.(local(name), attributes));
  parser.on('closetag', ({ name }) => handlers.close?.(local(name)));
  const text = (value: string): void => {
    if (value.length > MAX_TEXT) throw unreadable('a cell of more than a million characters');
    handlers.text?.(value);
  };
  parser.on('text', text);
  parser.on('cdata', text);
  return parser;
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
