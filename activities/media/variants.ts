import { createHash } from 'node:crypto';
import type { MakeVariantsInput, MakeVariantsOutput, MediaFile } from '../../contracts/media/schema.ts';
import { type PictureFormat, type PictureVariant, variantName } from '../../contracts/media/vocabulary.ts';
import type { MediaName } from '../../services/media/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { MediaPorts } from './ports.ts';

/**
 * Makes the variants of a picture. Each file is noted as soon as it is stored, so that an attempt after a crash makes only
 * what is missing, and the same key gives the same files.
 */
export async function makeVariants(
  { pictures, records, blobs }: MediaPorts,
  input: MakeVariantsInput,
  context: TaskContext,
): Promise<MakeVariantsOutput> {
  const { mediaKey, source, animation, metadata } = input;
  const name: MediaName = { tenant: context.tenant, key: mediaKey };
  const local = await blobs.localFile(source);
  try {
    const facts = await pictures.look(local.path, animation, context.signal);
    // Only what can be read gets a row, so that a key is not spent on a wrong file.
    const known = new Map((await records.begin(name, contentOf(input), source)).map((file) => [file.name, file]));
    const files: MediaFile[] = [];
    for (const [variant, format] of wantedOf(input)) {
      const fileName = variantName(variant, format);
      let file = known.get(fileName);
      if (file === undefined) {
        const { bytes, ...size } = await pictures.make(local.path, { variant, format, metadata }, context.signal);
        const stored = await blobs.put('media', bytes);
        file = await records.add(name, { name: fileName, mediaType: `image/${format}`, file: stored, ...size });
      }
      files.push(file);
      context.progress({ made: files.length });
    }
    return { status: 'made', media_key: mediaKey, ...facts, files };
  } finally {
    await local.release();
  }
}

function wantedOf({ variants, formats }: MakeVariantsInput): readonly (readonly [PictureVariant, PictureFormat])[] {
  return variants.flatMap((variant) => formats.map((format) => [variant, format] as const));
}

/** A checksum of all that decides what is made; the order of a list decides nothing. */
function contentOf({ source, variants, formats, metadata, animation }: MakeVariantsInput): string {
  const content = [source.sha256, variants.toSorted(), formats.toSorted(), metadata, animation];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
