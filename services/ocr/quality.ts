/** How well a picture was read. */
import type { Word } from './port.ts';

/** Weighs confidence by the length of words, because upside-down pages are full of confident single characters. */
export function qualityOf(reading: { readonly words: readonly Word[] }): number {
  let weight = 0;
  let sum = 0;
  for (const { text, confidence } of reading.words) {
    weight += text.length;
    sum += text.length * confidence;
  }
  // One or two words are too little evidence about a page.
  return weight < 4 ? 0 : sum / weight;
}
