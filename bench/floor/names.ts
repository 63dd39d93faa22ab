/** What client, workflows and worker of the floor agree on. */

/** Queue of the bare workflows. */
export const WORKFLOWS_QUEUE = 'floor.workflows';
/** Queue of the bare activities. */
export const ACTIVITIES_QUEUE = 'floor.activities';

/** The bare activities. */
export interface FloorActivities {
  addOne(n: number): Promise<number>;
  sum(numbers: readonly number[]): Promise<number>;
}
