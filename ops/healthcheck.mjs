/**
 * Asks a health address and exits with 0 when it answers well. Plain
 * JavaScript, because a container runs it every few seconds.
 *
 *   node ops/healthcheck.mjs http://127.0.0.1:9091/health/live
 */
const [url] = process.argv.slice(2);

try {
  if (url === undefined) throw new Error('expected the address to ask as the first argument');
  const response = await fetch(url, { signal: AbortSignal.timeout(4000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
