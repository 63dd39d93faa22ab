/** Text of HTML messages, for readers without HTML. */
import { convert } from 'html-to-text';

/** Elements inside more others than this are replaced by an ellipsis, because the conversion is recursive. */
const MAX_DEPTH = 100;

/** Derives the text of HTML; links are written out. Untrusted HTML can occupy a core for seconds. */
export function plainText(html: string): string {
  return convert(html, {
    wordwrap: 78,
    limits: { maxDepth: MAX_DEPTH },
    selectors: [{ selector: 'img', format: 'skip' }],
  });
}
