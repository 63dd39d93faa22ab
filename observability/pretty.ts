/** Formats the JSON lines of the logger as short lines for people. */
import type { DestinationStream } from 'pino';

const HIDDEN_IN_PRETTY = new Set(['time', 'level', 'pid', 'name', 'msg', 'err', 'hostname']);

/** Wraps a destination so that JSON lines arrive as `12:00:00 INFO  worker message key=value`. */
export function prettyStream(destination: DestinationStream): DestinationStream {
  return {
    write: (line) => {
      destination.write(`${prettyLine(line)}\n`);
    },
  };
}

/** Formats one JSON line; a line that is not a JSON object is returned unchanged. */
export function prettyLine(line: string): string {
  const fields = parse(line);
  if (fields === undefined) return line.trimEnd();
  const word = (key: string): string => (typeof fields[key] === 'string' ? fields[key] : '');
  const extra = Object.entries(fields)
    .filter(([key]) => !HIDDEN_IN_PRETTY.has(key))
    .map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${word('time').slice(11, 19)} ${word('level').padEnd(5)} ${word('name')}: ${word('msg')}${extra.join('')}${stackOf(fields['err'])}`;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function stackOf(error: unknown): string {
  const stack = typeof error === 'object' && error !== null && 'stack' in error ? error.stack : undefined;
  return typeof stack === 'string' ? `\n${stack}` : '';
}
