/** The newsletter that both sides send, and its recipients. */

const PARAGRAPH =
  'Every night the documents of the day are read, checked and sorted, and in the morning the figures lie on the desk. ' +
  'This week the readers were taught three more layouts, and the search finds what was scanned upside down.';

/** Subject, HTML and text of the message. */
export const newsletter = {
  subject: 'What is new this week',
  html: `<!doctype html><html><body><h1>What is new</h1>${`<p>${PARAGRAPH}</p>`.repeat(6)}<p><a href="https://app.example.com/news">Read on</a></p></body></html>`,
  text: `WHAT IS NEW\n\n${`${PARAGRAPH}\n\n`.repeat(6)}Read on: https://app.example.com/news\n`,
} as const;

/** Returns `count` different addresses. */
export function recipientsOf(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `reader-${String(n).padStart(6, '0')}@example.com`);
}
