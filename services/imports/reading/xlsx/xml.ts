/** XML of any length, element by element, never whole in memory. */
import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import { PerennialError } from '../../../../contracts/failures.ts';
import { MAX_CELL_CHARACTERS, MAX_DEPTH } from './limits.ts';
import { unreadable } from './zip.ts';

/** What a reader of a part is told. Names come without their namespace prefix. */
export interface XmlHandlers {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Characters that are parsed between two looks at what has come together. */
const SLICE_CHARACTERS = 4_096;

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
  const parser = new BoundedParser(handlers);
  try {
    for await (const slice of slicesOf(part)) {
      parser.write(slice);
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

/** The text of a part, in pieces that are parsed at one go. */
async function* slicesOf(part: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of part as AsyncIterable<Buffer>) {
    const text = decoder.decode(chunk, { stream: true });
    for (let at = 0; at < text.length; at += SLICE_CHARACTERS) yield text.slice(at, at + SLICE_CHARACTERS);
  }
}

/** As {@link readXml}, where nothing is handed on before the end. */
export async function readWholeXml(part: Readable, handlers: XmlHandlers): Promise<void> {
  for await (const _nothing of readXml(part, handlers, () => undefined)) {
    // flush never gives anything
  }
}

/** A parser that holds neither an endless text or element nor endlessly many elements within each other. */
class BoundedParser {
  readonly #parser = new SaxesParser();
  readonly #handlers: XmlHandlers;
  #depth = 0;
  /** Characters since the parser told anything: it keeps them all. */
  #untold = 0;

  constructor(handlers: XmlHandlers) {
    this.#handlers = handlers;
    const parser = this.#parser;
    parser.on('error', (error) => {
      throw error;
    });
    // Workbooks have none; entities that expand to entities are an old way to fill a memory.
    parser.on('doctype', () => {
      throw unreadable('a document type declaration');
    });
    parser.on('opentag', ({ name, attributes }) => this.#open(name, attributes));
    parser.on('closetag', ({ name }) => this.#close(name));
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
  }

  write(text: string): void {
    this.#untold += text.length;
    this.#parser.write(text);
    if (this.#untold > MAX_CELL_CHARACTERS) throw unreadable('a text or element of more than a million characters');
  }

  close(): void {
    this.#parser.close();
  }

  #open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#untold = 0;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw unreadable(`elements within elements, more than ${MAX_DEPTH} deep`);
    this.#handlers.open?.(local(name), attributes);
  }

  #close(name: string): void {
    this.#untold = 0;
    this.#depth -= 1;
    this.#handlers.close?.(local(name));
  }

  #text(text: string): void {
    this.#untold = 0;
    this.#handlers.text?.(text);
  }
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
