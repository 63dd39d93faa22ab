/** Runs tasks of one's own without a server; for tests as docs/adding-a-task.md shows them. */
import { runTaskInline } from '../../activities/shell/inline.ts';
import type { OwnPorts } from '../../activities/own/ports.ts';
import { createOwnActivities } from '../../activities/own/index.ts';
import type { TaskInput, TaskName, TaskOutput } from '../../contracts/catalogue.ts';

/** Runs one task of one's own; `ports` stand in for those of the product that its body uses. */
export function runOwnTask<N extends TaskName>(
  name: N,
  input: TaskInput<N>,
  ports: Partial<OwnPorts> = {},
): Promise<TaskOutput<N>> {
  const log = (): never => {
    throw new TypeError('the log of a worker is not asked inline');
  };
  const given = { documents: absent('documents'), blobs: absent('blobs'), ...ports } as OwnPorts; // what is absent says so when it is used
  return runTaskInline(createOwnActivities(given, { log }), name, input);
}

function absent(port: keyof OwnPorts): object {
  const get = (): never => {
    throw new TypeError(`the task uses ports.${port}: expected the test to give one, got none`);
  };
  return new Proxy({}, { get });
}
