/** Sends the file of a document as it was given. */
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { findDocument } from './lookups.ts';
import type { DocumentServices } from './ports.ts';

/**
 * Sends the file part by part, as a download.
 *
 * @throws PerennialError before the first byte when the file is not there, or lies outside of the allowed folders
 */
export async function sendOriginal(
  services: DocumentServices,
  id: string,
  response: Response,
  signal: AbortSignal,
): Promise<void> {
  const { name, source } = await findDocument(services, id);
  const file = await services.files.open(source);
  try {
    const { mediaType, size, content } = await services.files.original(file.path);
    // The name would set a type of its own, so the type of the content comes last.
    response.status(200).attachment(name).type(mediaType).set('content-length', String(size));
    await pipeline(content, response, { signal });
  } finally {
    await file.release();
  }
}
