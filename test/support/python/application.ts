/** An application some of whose tasks have their bodies in Python; the tests of the package serve them. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectDir } from '../../../config/project.ts';

const DEFINE = JSON.stringify(path.join(projectDir, 'dist/define/index.js'));

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'perennial.config.ts': `
import { defineConfig, documents } from ${DEFINE};
const python = { language: 'python', slots: 4 };
export default defineConfig({
  plugins: [documents()],
  queues: { 'texts.python': python, 'shop.python': python, 'lost.python': python, 'nobody.python': python, 'keyless.python': python },
});
`,
  'tasks/texts.ts': `
import { z } from 'zod';
import { defineFailures, definePythonTask, defineTask } from ${DEFINE};
const failures = defineFailures({
  OutOfInk: { class: 'permanent', cause: 'The printer has no ink.', remedy: 'Fill it.' },
  PaperJam: { class: 'transient', cause: 'The paper is stuck.', remedy: 'Wait.' },
});
const retry = { attempts: 3, delayMs: 1000 };
const task = (name, input, output, more = {}) =>
  definePythonTask({
    name: 'texts.' + name, queue: 'texts.python', external: true, retry, failures: [failures],
    parameters: Object.keys(input), input: z.strictObject(input), output, ...more,
  });
const text = z.string();
export const score = task('score', { text }, z.number());
export const total = task('total', { scores: z.array(z.number()) }, z.number());
export const facts = task('facts', { text: text.optional() }, z.record(z.string(), z.unknown()));
export const anything = task('anything', { what: text }, z.int());
export const failing = task('failing', { how: text }, z.int());
export const print = task('print', { key: text }, z.int());
export const counted = task('counted', { file: text, how: text.optional() }, z.int());
export const slow = task('slow', { file: text, seconds: z.number(), catches: z.boolean().optional() }, text,
  { limits: { softMs: 60_000, hardMs: 90_000, heartbeatMs: 1000 } });
export const awaiting = task('awaiting', { file: text, seconds: z.number() }, text);
export const letter = task('letter', { to: text, text }, z.record(z.string(), z.unknown()));
export const secret = task('secret', { value: text }, text, { sealInput: true, sealOutput: true });
export const large = task('large', { bytes: z.int() }, text);
export const size = task('size', { text }, z.int());
export const one = task('one', { text }, z.int(), { keyedLimits: [{ by: 'task', concurrency: 1, reason: 'One pen.' }] });
export const killed = task('killed', { file: text }, z.int(), { queue: 'lost.python',
  limits: { softMs: 60_000, hardMs: 90_000, heartbeatMs: 1000 } });
export const nothing = task('nothing', {}, z.null());
export const moved = task('moved', { file: text }, z.int(), { queue: 'lost.python' });
export const keyless = task('keyless', { value: text }, text, { queue: 'keyless.python' });
export const nobody = task('nobody', {}, z.int(), { queue: 'nobody.python' });
export const shout = defineTask(
  { name: 'texts.shout', external: true, parameters: ['score'], input: z.strictObject({ score: z.number() }), output: text },
  ({ score }) => String(score) + '!',
);
export const echo = defineTask(
  { name: 'texts.echo', external: true, parameters: ['value'], input: z.strictObject({ value: z.unknown() }), output: z.unknown() },
  ({ value }) => value,
);
export const measure = defineTask(
  { name: 'texts.measure', external: true, parameters: ['text'], input: z.strictObject({ text }), output: z.number() },
  ({ text }) => text.length,
);
const shop = (name, input, output, more = {}) =>
  definePythonTask({
    name, queue: 'shop.python', external: true, retry, parameters: Object.keys(input),
    input: z.strictObject(input), output, ...more,
  });
export const resize = shop('shop.jobs.resize', { picture: text, width: z.int().optional() }, text);
export const flaky = shop('shop.jobs.flaky', { file: text }, z.record(z.string(), z.unknown()));
export const automatic = shop('shop.jobs.automatic', { file: text }, z.int());
export const limited = shop('shop.jobs.limited', {}, text);
export const replaced = shop('shop.jobs.replaced', {}, text);
export const bound = shop('shop.jobs.bound', { value: z.int() }, z.record(z.string(), z.unknown()));
`,
};

/** Writes the application into a folder. */
export async function writePythonApplication(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await symlink(path.join(projectDir, 'node_modules'), path.join(folder, 'node_modules'));
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
}
