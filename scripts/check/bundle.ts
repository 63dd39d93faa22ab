/** Prints the findings of the bundle gate. */
import { BUNDLE_LIMIT_BYTES, inspectBundle } from './bundled.ts';

const { bytes, modules, problems } = await inspectBundle();
for (const problem of problems) console.error(problem);
const megabytes = (value: number): string => (value / 1_000_000).toFixed(2);
console.log(
  `workflow bundle: ${megabytes(bytes)} of ${megabytes(BUNDLE_LIMIT_BYTES)} MB, ${modules.length} modules, ${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
