/** Parses XML of any length without holding it in memory. */
import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import { PerennialError } from '../../../../contracts/failures.ts';
import { MAX_CELL_CHARACTERS, MAX_DEPTH } from './limits.ts';
import { unreadable } from './zip.ts';

/** Callbacks for the parts of a document. Names come without their namespace prefix. */
export interface XmlHandlers {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Characters that are parsed before `flush` is called. */
const SLICE_CHARACTERS = 4_096;

/**
 * Passes a part to handlers in chunks; after each chunk, `flush` may return what was collected.
 * @throws PerennialError `ImportUnreadable` for XML that is not well-formed or declares entities
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

/** Yields the text of a part in the pieces that are parsed at once. */
async function* slicesOf(part: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of part as AsyncIterable<Buffer>) {
    const text = decoder.decode(chunk, { stream: true });
    for (let at = 0; at < text.length; at += SLICE_CHARACTERS) yield text.slice(at, at + SLICE_CHARACTERS);
  }
}

/** Like {@link readXml}, for parts that return nothing before their end. */
export async function readWholeXml(part: Readable, handlers: XmlHandlers): Promise<void> {
  for await (const _nothing of readXml(part, handlers, () => undefined)) {
    // `flush` returns nothing, so the body is never entered.
  }
}

/** A parser with limits for the length of a text or element and for the depth of nesting. */
class BoundedParser {
  readonly #parser = new SaxesParser();
  readonly #handlers: XmlHandlers;
  #depth = 0;
  /** Characters since the last callback; the parser keeps them all in memory. */
  #untold = 0;

  constructor(handlers: XmlHandlers) {
    this.#handlers = handlers;
    const parser = this.#parser;
    parser.on('error', (error) => {
      throw error;
    });
    // Workbooks declare no document type; nested entities are a known attack on memory.
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
