/** Writes the sample documents and their truth: `node --import tsx scripts/samples/make.ts`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { makeDocuments } from './documents.ts';
import { makeScans } from './scans.ts';
import { samplesFolder, type SampleTruth, truthFile } from './truth.ts';

const samples = [...(await makeScans()), ...(await makeDocuments())].sort((a, b) => a.file.localeCompare(b.file, 'en'));
const truth: Record<string, SampleTruth> = {};
await mkdir(samplesFolder, { recursive: true });
let total = 0;
for (const sample of samples) {
  await writeFile(`${samplesFolder}${sample.file}`, sample.bytes);
  truth[sample.file] = sample.truth;
  total += sample.bytes.length;
  console.log(`${sample.file.padEnd(24)} ${String(sample.bytes.length).padStart(8)} bytes`);
}
await writeFile(truthFile, `${JSON.stringify(truth, null, 2)}\n`);
console.log(`${samples.length} files, ${(total / 1e6).toFixed(2)} MB`);
// The PDF library would otherwise keep the process alive.
process.exit(0);
