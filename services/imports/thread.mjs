// Threads of Node 20 take no TypeScript by `--import`: the loader is registered from inside.
import { register } from 'tsx/esm/api';

register();
await import('./thread.ts');
