/**
 * Decodes HEIC pictures. The coding is patented and the decoder has a licence of its own (LGPL), so an application
 * installs `libheif-js` only where it wants to read them.
 */
import { PerennialError } from '../../../contracts/failures.ts';

/** A decoded picture: red, green, blue and, where the picture is transparent, alpha; rows from the top. */
export interface DecodedHeic {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly data: Uint8Array;
}

/** A value of an enumeration of the library. */
interface Code {
  readonly value: number;
}

interface Failed {
  readonly code: Code;
  readonly message: string;
}

interface Channel {
  readonly width: number;
  readonly height: number;
  /** Bytes of a row, with what fills it up. */
  readonly stride: number;
  readonly data: Uint8Array;
}

/** An object inside the library. */
interface Handle {
  delete(): void;
}

/** The part of the library that is used; the package has no types for this module. */
interface Heif {
  readonly heif_colorspace: { readonly heif_colorspace_RGB: Code };
  readonly heif_chroma: { readonly heif_chroma_interleaved_RGB: Code; readonly heif_chroma_interleaved_RGBA: Code };
  heif_context_alloc(): Handle;
  heif_context_read_from_memory(context: Handle, bytes: Uint8Array): Failed;
  heif_js_context_get_primary_image_handle(context: Handle): Handle | Failed;
  heif_image_handle_has_alpha_channel(image: Handle): number;
  heif_js_decode_image2(image: Handle, colours: Code, order: Code): { readonly channels: readonly Channel[] } | Failed;
}

/** Package that an application installs to read HEIC. */
const PACKAGE = 'libheif-js';
const SUCCESS = 0;
/** Codes of the library for a coding, a kind of file or a feature that it does not know. */
const UNKNOWN_TO_IT: ReadonlySet<number> = new Set([3, 4, 11]);

/**
 * Makes an instance of the library. Each picture has one of its own: the memory of WebAssembly never shrinks, and an
 * instance that ran out of it is of no more use.
 *
 * @throws PerennialError `DecoderMissing`
 */
export async function loadHeif(file = `${PACKAGE}/libheif-wasm/libheif-bundle.mjs`): Promise<Heif> {
  try {
    // `as` is safe: the tests decode with the version of the lock file, and a peer of the same major version is asked for.
    const { default: make } = (await import(file)) as { readonly default: () => Heif };
    return make();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new PerennialError(
      'DecoderMissing',
      `Expected the package ${PACKAGE}, which decodes HEIC pictures, but it is not installed. Install it where the worker runs (npm install ${PACKAGE}), or convert the picture to JPEG or PNG.`,
      { cause },
    );
  }
}

/**
 * Decodes the primary picture of a file whose sizes have been checked. It is turned and mirrored as the file asks for; a
 * turn that the camera noted in EXIF means the same once more, so nobody turns it again.
 *
 * @throws PerennialError `CorruptDocument`, `UnsupportedMedia`
 */
export function decodeHeic(heif: Heif, bytes: Uint8Array): DecodedHeic {
  const context = heif.heif_context_alloc();
  const read = heif.heif_context_read_from_memory(context, bytes);
  if (read.code.value !== SUCCESS) throw refusal(read);
  const image = succeeded(heif.heif_js_context_get_primary_image_handle(context));
  const isTransparent = heif.heif_image_handle_has_alpha_channel(image) !== 0;
  const { heif_chroma_interleaved_RGB: opaque, heif_chroma_interleaved_RGBA: transparent } = heif.heif_chroma;
  const { channels } = succeeded(
    heif.heif_js_decode_image2(image, heif.heif_colorspace.heif_colorspace_RGB, isTransparent ? transparent : opaque),
  );
  // Interleaved colours are one channel.
  const [pixels] = channels;
  if (pixels === undefined) throw undecodable('it holds no pixels');
  return packed(pixels, isTransparent ? 4 : 3);
}

/** Removes what fills up the rows. */
function packed({ width, height, stride, data }: Channel, channels: 3 | 4): DecodedHeic {
  const row = width * channels;
  if (stride === row) return { width, height, channels, data };
  const rows = new Uint8Array(row * height);
  for (let y = 0; y < height; y += 1) rows.set(data.subarray(y * stride, y * stride + row), y * row);
  return { width, height, channels, data: rows };
}

function succeeded<T extends object>(answer: T | Failed): T {
  if (isFailed(answer)) throw refusal(answer);
  return answer;
}

function isFailed(answer: object): answer is Failed {
  return (answer as Partial<Failed>).code !== undefined;
}

function refusal(failed: Failed): PerennialError {
  if (!UNKNOWN_TO_IT.has(failed.code.value)) return undecodable('its pixels cannot be decoded', failed.message);
  return new PerennialError(
    'UnsupportedMedia',
    'Expected a HEIC picture in the coding of phones (HEVC), but it has another one. Convert it to JPEG or PNG.',
    { cause: new Error(failed.message) },
  );
}

function undecodable(what: string, message?: string): PerennialError {
  return new PerennialError(
    'CorruptDocument',
    `Expected a HEIC picture that can be decoded, but ${what}. Supply an undamaged copy.`,
    message === undefined ? {} : { cause: new Error(message) },
  );
}
