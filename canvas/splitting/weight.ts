/** How much of one run a node takes. */
import type { Callbacks, Node } from '../model/nodes.ts';
import { chordOf, kindOf, mapOf, optionsOf, type Signature, signatureList, tasksOf } from '../signature/signature.ts';

/**
 * Characters of arguments that a call of weight 1 may have.
 * A thousand such calls are 4 MB of history, a twelfth of what a server takes.
 */
const CARRIED = 4096;

/** Nodes and signatures are never changed, so each is weighed once. */
const weighed = new WeakMap<object, number>();

/**
 * The calls of a node, with links and error callbacks, as if each of them had
 * to be made; calls with long arguments count as several.
 */
export function weightOf(node: Node): number {
  return once(node, () => weigh(node));
}

/** What a call with these arguments weighs: 1, and more for long ones. */
export function callWeight(args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): number {
  return Math.max(1, Math.ceil((lengthOf(args) + lengthOf(kwargs)) / CARRIED));
}

function lengthOf(value: unknown): number {
  return (JSON.stringify(value) as string | undefined)?.length ?? 0;
}

function once(value: object, weighIt: () => number): number {
  const known = weighed.get(value);
  if (known !== undefined) return known;
  const weight = weighIt();
  weighed.set(value, weight);
  return weight;
}

function weigh(node: Node): number {
  switch (node.kind) {
    case 'call':
      return callWeight(node.args, node.kwargs) + ofCallbacks(node);
    case 'map':
      return ofItems(node.items) + ofCallbacks(node);
    case 'chain':
      return sum(node.steps);
    case 'group':
      return sum(node.members);
    case 'chord':
      return sum(node.header) + weightOf(node.body);
  }
}

function sum(nodes: readonly Node[]): number {
  return nodes.reduce((total, node) => total + weightOf(node), 0);
}

function ofItems(items: readonly unknown[]): number {
  return items.reduce<number>((total, item) => total + callWeight([item], {}), 0);
}

/** Callbacks up to this weight are counted with the call that they follow; others when they run. */
const LIGHT = 10;

/** Says whether a weight is negligible beside that of a whole run. */
export function isLight(weight: number): boolean {
  return weight <= LIGHT;
}

/** Says whether a callback is counted with the call that it belongs to. */
export function countsWithCaller(callback: Signature): boolean {
  return isLight(ofSignature(callback));
}

function ofCallbacks({ links, errbacks }: Callbacks): number {
  return ofSignatures(links.filter(countsWithCaller)) + ofSignatures(errbacks.filter(countsWithCaller));
}

function ofSignatures(signatures: readonly Signature[]): number {
  return signatures.reduce((total, signature) => total + ofSignature(signature), 0);
}

function ofSignature(signature: Signature): number {
  return once(signature, () => ofParts(signature) + ofSignatures(signatureList(optionsOf(signature).link)));
}

function ofParts(signature: Signature): number {
  const kind = kindOf(signature);
  if (kind === 'chain' || kind === 'group') return ofSignatures(tasksOf(signature));
  if (kind === 'task') return callWeight(signature.args ?? [], signature.kwargs ?? {});
  if (kind !== 'chord') return ofItems(mapOf(signature).items);
  const { header, body } = chordOf(signature);
  return ofSignatures(header) + (body === undefined ? 0 : ofSignature(body));
}
