/** Colours of the terminal, where the user wants them. */
import { styleText } from 'node:util';
import type { CliContext } from './context.ts';

type Stream = 'stdout' | 'stderr';

/**
 * Returns whether a stream takes colours. `FORCE_COLOR` other than `0` asks for them, `NO_COLOR` forbids them
 * (https://no-color.org); without both, terminals get them, and pipes and files do not.
 */
export function takesColours({ env, ...context }: Pick<CliContext, 'env' | Stream>, stream: Stream): boolean {
  const { NO_COLOR = '', FORCE_COLOR: forced, TERM } = env;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return NO_COLOR === '' && TERM !== 'dumb' && context[stream].isTTY === true;
}

/** Formats a text for a stream: as it is where the stream takes no colours. */
export function coloured(
  context: Pick<CliContext, 'env' | Stream>,
  stream: Stream,
  style: 'bold' | 'red',
  text: string,
): string {
  // The decision is made above: Node's own looks at the streams of the process.
  return takesColours(context, stream) ? styleText(style, text, { validateStream: false }) : text;
}
