// Threads of Node 20 do not load TypeScript through `--import`, so the loader is registered here. It is the loader for
// `require`, because the one for `import` would start another thread with a compiler for each of ours.
import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/cjs/api';

register();
createRequire(import.meta.url)(workerData.entry);
