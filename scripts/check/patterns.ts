/** Checks every regular expression of the product and fails when an input can make one of them run long. */
import { patternsOfProduct, problemsOf } from './regular-expressions.ts';

const patterns = patternsOfProduct();
const problems = await problemsOf(patterns);
for (const problem of problems) console.error(problem);
console.log(`${patterns.length} patterns, ${problems.length} that can be made to run long`);
process.exitCode = problems.length === 0 && patterns.length > 0 ? 0 : 1;
