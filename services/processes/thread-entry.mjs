// Threads of Node 20 take no TypeScript by `--import`: the loader is registered from inside. The one for `require`,
// because the one for `import` would put a further thread, with a compiler of its own, beside each of ours.
import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/cjs/api';

register();
createRequire(import.meta.url)(workerData.entry);
