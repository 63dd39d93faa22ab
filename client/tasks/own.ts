/** Types of the tasks that an application passes to its client. */
import type { CANVAS_KIND } from '../../contracts/canvas/named.ts';
import type { TaskInput, TaskName, TaskOutput } from '../../contracts/catalogue.ts';
import type { InputOf, OutputOf } from '../../contracts/tasks/definition.ts';

/** The exports of the modules that define tasks, by any key; what is no task counts for nothing. */
export type OwnTasks = Readonly<Record<string, unknown>>;

/** No tasks beside those of the product. */
export type EmptyTasks = Readonly<Record<string, never>>;

/** What of a row the types need. */
interface Row {
  readonly name: string;
  readonly types?: readonly [unknown, unknown];
}

/** What of a named canvas the types need. */
interface CanvasRow {
  readonly kind: typeof CANVAS_KIND;
  readonly name: string;
  readonly gives?: readonly [unknown, unknown];
}

type RowsOf<Own> = Exclude<Extract<Own[keyof Own], Row>, CanvasRow>;

type CanvasesOf<Own> = Extract<Own[keyof Own], CanvasRow>;
type CanvasOf<Own, C> = C extends string ? Extract<CanvasesOf<Own>, { readonly name: C }> : C;
type Pair<C> = C extends { readonly gives?: infer Gives } ? NonNullable<Gives> : never;

/** What names a canvas: a registered name, or the definition itself. */
export type CanvasKey<Own> = CanvasesOf<Own>['name'] | CanvasRow;

/** The input of a canvas that is given by its name or its definition. */
export type CanvasInput<Own, C> = Pair<CanvasOf<Own, C>> extends readonly [infer In, unknown] ? In : never;

/** The result of a canvas that is given by its name or its definition. */
export type CanvasOutput<Own, C> = Pair<CanvasOf<Own, C>> extends readonly [unknown, infer Out] ? Out : never;

/** The registered names of the tasks of an application. */
export type OwnName<Own> = RowsOf<Own>['name'];

type RowOf<Own, Name> = Extract<RowsOf<Own>, { readonly name: Name }>;

/** The input of a task that is given by its name or its definition. */
export type CallInput<Own, T> = T extends TaskName
  ? TaskInput<T>
  : T extends string
    ? InputOf<RowOf<Own, T>>
    : InputOf<T>;

/** The output of a task that is given by its name or its definition. */
export type CallOutput<Own, T> = T extends TaskName
  ? TaskOutput<T>
  : T extends string
    ? OutputOf<RowOf<Own, T>>
    : OutputOf<T>;

/** What names a task: a registered name, or the definition itself. */
export type TaskKey<Own> = TaskName | OwnName<Own> | Row;
