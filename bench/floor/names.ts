/** Names that the client, the workflows and the worker of the floor share. */

/** Name of the task queue of the bare workflows. */
export const WORKFLOWS_QUEUE = 'floor.workflows';
/** Name of the task queue of the bare activities. */
export const ACTIVITIES_QUEUE = 'floor.activities';

/** Interface of the bare activities. */
export interface FloorActivities {
  addOne(n: number): Promise<number>;
  sum(numbers: readonly number[]): Promise<number>;
}
