import { describe, expect, expectTypeOf, it } from 'vitest';
import { openPorts } from '../../../contracts/ports.ts';

interface Root {
  readonly name: string;
}

const clock = { openPorts: ({ name }: Root) => ({ clock: `${name} clock` }) };
const store = { openPorts: ({ name }: Root) => ({ store: `${name} store`, rows: 3 }) };
/** What an entry without ports looks like to the compiler. */
const plain: { readonly tag: string; readonly openPorts?: (root: Root) => object } = { tag: 'plain' };

describe('openPorts', () => {
  it('gives the ports of all domains, each built from the root by its domain', () => {
    const ports = openPorts({ clock, plain, store }, { name: 'real' });
    expectTypeOf(ports.clock).toBeString();
    expectTypeOf(ports.rows).toBeNumber();
    expect(ports).toEqual({ clock: 'real clock', store: 'real store', rows: 3 });
  });

  it('refuses two ports of the same name, and names the domain and the port', () => {
    const other = { openPorts: () => ({ rows: 4 }) };
    expect(() => openPorts({ store, other }, { name: 'real' })).toThrow(
      "other: the port 'rows' exists already; give it another name",
    );
  });
});
