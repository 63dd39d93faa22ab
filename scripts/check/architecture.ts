/** Prints the findings of the architecture gate; fails also when the gate missed a module. */
import { checkImports, trackedModules } from './imports.ts';

const { modules, violations } = await checkImports();
const seen = new Set(modules);
const unseen = trackedModules().filter((path) => !seen.has(path));
for (const line of violations) console.error(line);
for (const path of unseen) console.error(`not looked at: ${path}`);
console.log(`${modules.length} modules, ${violations.length} violations, ${unseen.length} not looked at`);
process.exitCode = modules.length > 0 && violations.length + unseen.length === 0 ? 0 : 1;
