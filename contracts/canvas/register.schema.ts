/** The canvases with names that this process knows: those of its application. Workflows do not load it. */
import { isNamedCanvas, type NamedCanvas } from './named.ts';

/** The product has none of its own. */
const canvases = registerOf([]);

function registerOf(product: readonly NamedCanvas[]): Map<string, NamedCanvas> {
  return new Map(product.map((canvas) => [canvas.name, canvas]));
}

/**
 * Adds canvases.
 *
 * @returns a function that removes what it has added
 * @throws TypeError a name is taken by another canvas; nothing is added
 */
export function registerCanvases(added: readonly NamedCanvas[]): () => void {
  const isNew = [...new Set(added)].filter((canvas) => canvases.get(canvas.name) !== canvas);
  const names = isNew.map(({ name }) => name);
  for (const [index, name] of names.entries())
    if (canvases.has(name) || names.indexOf(name) !== index)
      throw new TypeError(`${name}: expected a name that no other canvas has, got it twice`);
  for (const canvas of isNew) canvases.set(canvas.name, canvas);
  return () => {
    for (const name of names) canvases.delete(name);
  };
}

/** Returns the canvases among the exports of modules. */
export function canvasesAmong(exports: Readonly<Record<string, unknown>> = {}): readonly NamedCanvas[] {
  return Object.values(exports).filter(isNamedCanvas);
}

/** Returns every canvas with a name. */
export function allCanvases(): readonly NamedCanvas[] {
  return [...canvases.values()];
}

/** Finds a canvas by its name. */
export function findCanvas(name: string): NamedCanvas | undefined {
  return canvases.get(name);
}
