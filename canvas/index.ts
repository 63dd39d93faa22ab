/** Builders of canvases for applications: plain data in Celery's JSON, with types that follow the results. */
export { chain, chord, group, task, type TaskRow, type TaskSignatures } from './build/builders.ts';
export { fold, type FoldOptions } from './build/fold.ts';
export { kombuJson } from './build/kombu.ts';
export { immutable, withErrorLink, withLink, withOptions, withStamps } from './build/options.ts';
export {
  approval,
  mapEach,
  pipeline,
  when,
  withCompensation,
  type ApprovalOptions,
  type MapOptions,
  type PipelineSignatures,
} from './build/step-builders.ts';
export type { AnySignature, Gives, Takes, TypedSignature } from './build/typed.ts';
export type { MemberOutcome } from './model/join.ts';
export type { Condition } from './signature/condition.ts';
export type { Join, Signature, SignatureOptions } from './signature/signature.ts';
