/** Ports that the domains of a layer contribute: each domain opens its own, and the root merges them. */

type Opening<Ports> = (root: never) => Ports;

/** Domains of a list that have ports of their own. */
type Openings<Domains> = {
  [Name in keyof Domains]: Domains[Name] extends { readonly openPorts: Opening<infer Ports> } ? Opening<Ports> : never;
}[keyof Domains];

type Merged<Union> = (Union extends Opening<infer Ports> ? (ports: Ports) => void : never) extends (
  ports: infer All extends object,
) => void
  ? All
  : never;

/** The ports of all domains of a list, as one type. */
export type PortsOf<Domains> = Merged<Openings<Domains>>;

/**
 * Opens the ports of all domains of a list.
 *
 * @param domains - the list of a layer, for example all exports of `api/domains.ts`
 * @param root - what the ports are built from
 * @throws TypeError two domains contribute a port of the same name
 */
export function openPorts<
  Root,
  Domains extends Readonly<Record<string, { readonly openPorts?: (root: Root) => object }>>,
>(domains: Domains, root: Root): PortsOf<Domains> {
  const ports: Record<string, unknown> = {};
  for (const [domain, contribution] of Object.entries(domains)) {
    for (const [name, port] of Object.entries(contribution.openPorts?.(root) ?? {})) {
      if (name in ports) throw new TypeError(`${domain}: the port '${name}' exists already; give it another name`);
      ports[name] = port;
    }
  }
  return ports as PortsOf<Domains>; // each port was opened by the domain whose type names it
}
