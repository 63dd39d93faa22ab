/** Progress for people: a spinner in a terminal, plain lines elsewhere. */

import { outliveOutput } from '../observability/standard-error.ts';

/** Receives the progress of a start. */
export interface Reporter {
  /** A step begins, or its text changes. */
  step(text: string): void;
  /** The step has succeeded. */
  done(text: string): void;
  /** A message outside of steps. */
  note(text: string): void;
  /** The step has failed. */
  failed(text: string): void;
}

/** Prints plain lines; a step is printed when it begins, because it may take minutes. */
export function lineReporter(write: (line: string) => void): Reporter {
  let last = '';
  return {
    step: (text) => {
      if (text !== last) write(`… ${text}`);
      last = text;
    },
    done: (text) => {
      write(`✓ ${text}`);
    },
    note: (text) => {
      write(`· ${text}`);
    },
    failed: (text) => {
      write(`✗ ${text}`);
    },
  };
}

/** Returns the reporter for standard error, with a spinner on a terminal. The process outlives its terminal. */
export async function terminalReporter(stream: NodeJS.WriteStream = process.stderr): Promise<Reporter> {
  outliveOutput();
  // On a terminal without a width, as in some containers, the spinner would clear lines for ever.
  const watched = stream.isTTY && stream.columns > 0 && process.env['CI'] === undefined;
  if (!watched) return lineReporter((line) => stream.write(`${line}\n`));
  const { default: ora } = await import('ora');
  // By default, the spinner would swallow Ctrl-C.
  const spinner = ora({ stream, discardStdin: false, hideCursor: false });
  return {
    step: (text) => {
      spinner.start(text);
    },
    done: (text) => {
      spinner.succeed(text);
    },
    failed: (text) => {
      spinner.fail(text);
    },
    note: (text) => {
      const current = spinner.isSpinning ? spinner.text : undefined;
      spinner.info(text);
      if (current !== undefined) spinner.start(current);
    },
  };
}
