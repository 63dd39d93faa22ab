/** Progress for people: a spinner in a terminal, plain lines elsewhere. */

/** Told what goes on. */
export interface Reporter {
  /** Something begins, or goes on in other words. */
  step(text: string): void;
  /** The step is done. */
  done(text: string): void;
  /** Worth knowing at any time. */
  note(text: string): void;
  /** The step failed. */
  failed(text: string): void;
}

/** Plain lines. A step is printed when it begins, because it may take minutes. */
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

/** The reporter for standard error: a spinner where somebody watches. */
export async function terminalReporter(stream: NodeJS.WriteStream = process.stderr): Promise<Reporter> {
  // A terminal without a width (some containers) makes the spinner clear lines for ever.
  const watched = stream.isTTY && stream.columns > 0 && process.env['CI'] === undefined;
  if (!watched) return lineReporter((line) => stream.write(`${line}\n`));
  const { default: ora } = await import('ora');
  // Left alone, it would swallow Ctrl-C while it turns.
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
