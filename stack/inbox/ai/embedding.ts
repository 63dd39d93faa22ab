/**
 * Vectors of texts without a model: words and the triples of their letters are hashed to places of the vector. Texts with
 * the same words are near to each other; what words mean is not known.
 */

/** Numbers of a vector, unless a request says otherwise. */
export const DIMENSIONS = 256;

/** Weight of a triple against that of a word, so that `invoice` and `invoices` are near to each other. */
const TRIPLE_WEIGHT = 0.3;

/** Returns the vector of a text, of the length 1: the same for the same text on every machine. */
export function embeddingOf(text: string, dimensions: number): Float32Array {
  const vector = new Float64Array(dimensions);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    add(vector, word, 1);
    const marked = `<${word}>`;
    for (let at = 0; at + 3 <= marked.length; at += 1) add(vector, marked.slice(at, at + 3), TRIPLE_WEIGHT);
  }
  const length = Math.hypot(...vector);
  // A text without words has a direction too, because services refuse what has none.
  return Float32Array.from(vector, (value, at) => (length === 0 ? Number(at === 0) : value / length));
}

function add(vector: Float64Array, part: string, weight: number): void {
  const hash = hashOf(part);
  const at = hash % vector.length;
  // Half of the parts count downwards, so that parts that share a place do not add up.
  vector[at] = (vector[at] ?? 0) + ((hash >>> 16) % 2 === 0 ? weight : -weight);
}

/** FNV-1a over UTF-16 units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}
