import { allCanvases } from '../../contracts/canvas/register.schema.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { starting, withServices, type CliContext } from '../terminal/context.ts';
import { jsonArgument } from '../terminal/json.ts';
import { printList } from '../terminal/output.ts';
import { type CanvasOptions, showStarted, startOf } from './commands.ts';

/** `perennial canvas names`: lists the canvases of the application. */
export async function canvasNames(context: CliContext): Promise<number> {
  await context.openApplication();
  printList(context, {
    rows: allCanvases().map(({ name, purpose }) => ({ name, purpose })),
    head: ['canvas', 'purpose'],
    cells: ({ name, purpose }) => [name, purpose],
  });
  return exitCodes.ok;
}

/** Options of `perennial canvas start`. */
export interface StartOptions extends CanvasOptions {
  readonly input: string;
  readonly tenant?: string;
}

/** `perennial canvas start`: starts a canvas of the application and, with `--wait`, prints its result. */
export async function startNamed(
  context: CliContext,
  name: string,
  { input, tenant, ...options }: StartOptions,
): Promise<number> {
  const given = await jsonArgument(context, input);
  return withServices(context, async ({ client }) => {
    const job = await starting(client.canvas.start(name, given, { ...startOf(options), tenant }));
    return showStarted(context, job, options);
  });
}
