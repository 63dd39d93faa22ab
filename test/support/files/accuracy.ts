/** Character error rate: edits that turn what was read into the truth, over the length of the truth; white space collapsed. */
export function characterErrorRate(read: string, truth: string): number {
  const [a, b] = [collapse(read), collapse(truth)];
  return b.length === 0 ? (a.length === 0 ? 0 : 1) : distance(a, b) / b.length;
}

const collapse = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** Levenshtein's distance, one row at a time. */
function distance(a: string, b: string): number {
  let row = Uint32Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i += 1) {
    const next = new Uint32Array(b.length + 1);
    next[0] = i;
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
