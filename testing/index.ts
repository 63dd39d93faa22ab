/** For tests of an application: its tasks and canvases without a server, hours of waiting at once, and recorded histories of its workflows. */
export { provide, type ProvidedPort } from './ports.ts';
export { replayHistories } from './replay.ts';
export {
  effectLedger,
  memoryCache,
  runCanvas,
  runTask,
  type EffectLedger,
  type MemoryCache,
  type RunOptions,
} from './run.ts';
export { withSkippedTime, type SkippedTime, type SkippedTimeOptions } from './time.ts';
