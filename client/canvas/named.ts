/** Builds canvases that have a name. */
import type { NamedCanvas } from '../../contracts/canvas/named.ts';
import { allCanvases, findCanvas } from '../../contracts/canvas/register.schema.ts';
import { perhaps } from '../connection/similar.ts';
import { InvalidInput, validate } from '../connection/validate.ts';

/** Finds a canvas by its name. @throws InvalidInput with the names that are like it */
export function requireCanvas(name: string): NamedCanvas {
  const found = findCanvas(name);
  if (found !== undefined) return found;
  const names = allCanvases().map((one) => one.name);
  const known = names.length === 0 ? 'this process knows none' : names.slice(0, 20).join(', ');
  const expected = `the name of a canvas of the application (${known})${perhaps(name, names)}`;
  throw new InvalidInput([{ field: 'canvas', expected, got: `'${name.slice(0, 100)}'` }]);
}

/**
 * Builds a canvas, which is checked as any other before it starts.
 *
 * @throws InvalidInput the name or the input is wrong, or the application cannot build it
 */
export function buildCanvas(name: string, input: unknown): unknown {
  const { schemas, build } = requireCanvas(name);
  const checked = validate(schemas.input, input, 'input');
  try {
    return build(checked as never); // what the schema gives
  } catch (error) {
    const got = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new InvalidInput([{ field: `${name}: build`, expected: 'a canvas', got }]);
  }
}
