/** Reads the files that describe an installation: those of Compose, and Dockerfiles. */
import { parse } from 'yaml';
import { z } from 'zod';

const serviceSchema = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()).default([]),
  network_mode: z.string().optional(),
  configs: z.array(z.object({ source: z.string(), target: z.string() })).default([]),
  mem_limit: z.string(),
  pids_limit: z.number(),
  volumes: z.array(z.string()).default([]),
  restart: z.string(),
  security_opt: z.array(z.string()),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  deploy: z.object({ replicas: z.number() }).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});

const composeSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() }).nullable()),
  volumes: z.record(z.string(), z.null()),
  configs: z.record(z.string(), z.object({ content: z.string() })),
});

/** A file of Compose. */
export type Compose = z.output<typeof composeSchema>;

/** One of its services. */
export type Service = z.output<typeof serviceSchema>;

/** Reads a file of Compose, with what its services share in each of them. */
export function readCompose(text: string): Compose {
  return composeSchema.parse(parse(text, { merge: true }));
}

/** Tells whether a service ends when it has done its work. */
export function isOnce({ restart }: Service): boolean {
  return restart.startsWith('on-failure');
}

/** Variables whose values must have a form; all others may be any word. */
const FORMED: Readonly<Record<string, string>> = {
  SEAL_KEYS: `2026:${Buffer.alloc(32).toString('base64')}`,
  SMTP_URL: 'smtps://user:password@mail.example.com:465',
  EMAIL_FROM: 'Perennial <noreply@example.com>',
  PUBLIC_URL: 'https://example.com',
};

/** What Compose would put in place of `${NAME:?text}` and `${NAME:-default}`. */
export function interpolate(value: string): string {
  return value.replaceAll(/\$\{(\w+)(?::[?-]([^}]*))?\}/g, (whole, name: string, alternative = '') =>
    whole.includes(':-') ? String(alternative) : (FORMED[name] ?? 'a0b1c2d3e4f5a6b7'),
  );
}

/** Names of the variables that a file of Compose takes from its environment; what a comment names is none. */
export function variablesOf(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => !line.trim().startsWith('#'));
  return [...new Set([...lines.join('\n').matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name = '']) => name))].sort();
}

/** An instruction of a Dockerfile. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** Returns the instructions of a Dockerfile, with continued lines joined. */
export function instructionsOf(dockerfile: string): readonly Instruction[] {
  return dockerfile
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => /^([A-Z]+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, name = '', rest = '']) => ({ name, rest }));
}
