/** Serves the bare workflows and activities with the SDK alone. Argument: the address of the server. */
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { ACTIVITIES_QUEUE, type FloorActivities, WORKFLOWS_QUEUE } from './names.ts';

const [address = ''] = process.argv.slice(2);
const connection = await NativeConnection.connect({ address, grpcCompression: { codec: 'none' } });
const activities: FloorActivities = {
  addOne: (n) => Promise.resolve(n + 1),
  sum: (numbers) => Promise.resolve(numbers.reduce((total, n) => total + n, 0)),
};
const workflowsPath = fileURLToPath(new URL('workflows.ts', import.meta.url));
const workers = [
  await Worker.create({ connection, taskQueue: WORKFLOWS_QUEUE, workflowsPath }),
  await Worker.create({ connection, taskQueue: ACTIVITIES_QUEUE, activities }),
];
await Promise.all(workers.map((worker) => worker.run())); // ends after a signal
await connection.close();
