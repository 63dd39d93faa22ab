/**
 * The steps of a chain, without chains in chains: nested ones are put in their
 * place, groups of one are their member, empty groups are skipped, and bodies
 * of chords that are chains go on behind the chord.
 */
import { type Given, mergeOptions, NOTHING, effectiveOptions, union, withoutOwn } from '../signature/options.ts';
import {
  chordOf,
  kindOf,
  optionsOf,
  type Signature,
  signatureList,
  type SignatureOptions,
  tasksOf,
} from '../signature/signature.ts';

/** One step of a flattened chain. */
export interface Step {
  readonly signature: Signature;
  readonly given: Given;
  readonly path: string;
}

/** Steps of a chain with those of nested chains in their place; links go to the last step, error callbacks to each. */
export function flatten(chain: Signature, given: Given, path: string): readonly Step[] {
  const { options, links, errbacks, id } = effectiveOptions(chain, given);
  const steps = tasksOf(chain).flatMap((step, index) => flattenStep(step, `${path}/${index}`));
  const immutable = chain.immutable === true || given.immutable === true;
  return distribute(steps, { over: options, links, errbacks, id, immutable });
}

/** Options go to the first step, links to the last, error callbacks to each. */
function distribute(steps: readonly Step[], { over, links, errbacks, id, immutable = false }: Given): readonly Step[] {
  const last = steps.length - 1;
  return steps.map((step, index) =>
    give(step, {
      over: index === 0 ? over : {},
      immutable: index === 0 && immutable,
      links: index === last ? links : [],
      id: index === last ? id : undefined,
      errbacks,
    }),
  );
}

function flattenStep(signature: Signature, path: string): readonly Step[] {
  const kind = kindOf(signature);
  if (kind === 'chain') return flatten(signature, NOTHING, path);
  if (kind === 'group') return unroll({ signature, given: NOTHING, path });
  if (kind === 'chord') return splitBody(signature, path);
  return [{ signature, given: NOTHING, path }];
}

/** A group of one is its member, one of none is skipped. */
function unroll(step: Step): readonly Step[] {
  const { signature: group, given, path } = step;
  const members = tasksOf(group);
  const [only] = members;
  if (members.length !== 1 || only === undefined) return members.length === 0 ? [] : [step];
  const { options, links, errbacks, id } = effectiveOptions(group, given);
  const immutable = group.immutable === true || given.immutable === true;
  const inherited: Given = { over: options, links, errbacks, id, immutable };
  const place = `${path}/0`;
  if (kindOf(only) === 'chain') return flatten(only, inherited, place);
  if (kindOf(only) === 'chord') return distribute(splitBody(only, place), inherited);
  if (kindOf(only) === 'group' && tasksOf(only).length === 0) return [];
  return [{ signature: only, given: inherited, path: place }];
}

/** Celery unrolls the first step of a chain twice. */
export function unrollHead(steps: readonly Step[]): readonly Step[] {
  const [head, ...rest] = steps;
  if (head === undefined || kindOf(head.signature) !== 'group') return steps;
  return [...unroll(head), ...rest];
}

/** Of a body that is a chain, all but the first step go on as steps behind the chord. */
function splitBody(signature: Signature, path: string): readonly Step[] {
  const { body } = chordOf(signature);
  const place = `${path}/body`;
  const [first] = body !== undefined && kindOf(body) === 'chain' ? tasksOf(body) : [];
  if (body === undefined || first === undefined || kindOf(first) === 'group')
    return [{ signature, given: NOTHING, path }];
  const own = optionsOf(signature);
  const { countdown: _countdown, eta: _eta, ...over } = withoutOwn(own);
  const given = {
    over,
    links: signatureList(own.link),
    errbacks: signatureList(own.link_error),
    id: own.task_id ?? undefined,
  };
  const [head, ...rest] = flatten(body, given, place);
  if (head === undefined || kindOf(head.signature) === 'group') return [{ signature, given: NOTHING, path }];
  return [{ signature: withBody(signature, head, rest.length > 0), given: NOTHING, path }, ...rest];
}

/** The chord with another body, which carries what the body's chain gave to its first step. */
function withBody(chord: Signature, { signature, given }: Step, moved: boolean): Signature {
  const own = optionsOf(signature);
  const options: SignatureOptions = {
    ...mergeOptions(own, given.over),
    link: union(signatureList(own.link), given.links),
    link_error: union(signatureList(own.link_error), given.errbacks),
    ...(own.task_id === undefined && given.id !== undefined ? { task_id: given.id } : {}),
  };
  const body = { ...signature, options };
  const { link: _link, task_id: _id, ...kept } = optionsOf(chord);
  return { ...chord, kwargs: { ...chord.kwargs, body }, options: moved ? kept : optionsOf(chord) };
}

function give(step: Step, given: Given): Step {
  const had = step.given;
  return {
    ...step,
    given: {
      over: mergeOptions(had.over, given.over),
      links: union(had.links, given.links),
      errbacks: union(had.errbacks, given.errbacks),
      id: had.id ?? given.id,
      immutable: had.immutable === true || given.immutable === true,
    },
  };
}
