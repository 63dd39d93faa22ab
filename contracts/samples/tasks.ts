/** Small pure tasks for canvases, as the Celery applications have them. */
import { standardLimits } from '../tasks/policies.ts';
import { queues } from '../queues/names.ts';
import type {
  ChunksInput,
  FileInput,
  FileNoticeInput,
  FileNoticeOutput,
  FileOutput,
  NumberInput,
  NumbersInput,
  PairInput,
  Saved,
  TextInput,
} from './schema.ts';
import { taskRow } from '../tasks/definition.ts';
import type { RetryRule } from '../tasks/retry-rules.ts';

const pure: RetryRule = {
  attempts: 3,
  delayMs: 1000,
  reason: 'A calculation: it fails only with its worker.',
};

const shared = { queue: queues.documentsDefault, retry: pure, limits: standardLimits, external: true } as const;
const ofData = { ...shared, parameters: ['data'] } as const;
const batchable = { ...ofData, batchable: true } as const;
const canvas = (name: string): readonly string[] => [`celery_app.workflows.canvas.${name}`];

export const sampleTasks = {
  addOne: taskRow<NumberInput, number>()({
    ...ofData,
    name: 'samples.addOne',
    purpose: 'Adds one.',
    aliases: canvas('step1'),
  }),
  double: taskRow<NumberInput, number>()({
    ...ofData,
    name: 'samples.double',
    purpose: 'Doubles a number.',
    aliases: [...canvas('step2'), ...canvas('process_item')],
  }),
  subtractFive: taskRow<NumberInput, number>()({
    ...ofData,
    name: 'samples.subtractFive',
    purpose: 'Subtracts five.',
    aliases: canvas('step3'),
  }),
  square: taskRow<NumberInput, number>()({
    ...ofData,
    name: 'samples.square',
    purpose: 'Squares a number.',
    aliases: canvas('parallel_task'),
  }),
  sum: taskRow<NumbersInput, number>()({
    ...ofData,
    name: 'samples.sum',
    purpose: 'Sums numbers.',
    aliases: canvas('aggregate_results'),
  }),
  addOneTiny: taskRow<NumberInput, number>()({
    ...batchable,
    name: 'samples.addOneTiny',
    purpose: 'Adds one, many to an activity.',
  }),
  sumTiny: taskRow<NumbersInput, number>()({
    ...batchable,
    name: 'samples.sumTiny',
    purpose: 'Sums numbers, many to an activity.',
  }),
  validateData: taskRow<NumbersInput, number[]>()({
    ...ofData,
    name: 'samples.validateData',
    purpose: 'Checks numbers and passes them on.',
    aliases: canvas('validate_data'),
  }),
  doubleChunk: taskRow<NumbersInput, number[]>()({
    ...ofData,
    name: 'samples.doubleChunk',
    purpose: 'Doubles each number of a chunk.',
    aliases: canvas('process_chunk'),
  }),
  mergeChunks: taskRow<ChunksInput, number[]>()({
    ...ofData,
    name: 'samples.mergeChunks',
    purpose: 'Joins chunks in order.',
    aliases: canvas('merge_results'),
  }),
  saveNumbers: taskRow<NumbersInput, Saved>()({
    ...ofData,
    name: 'samples.saveNumbers',
    purpose: 'Says how many numbers there are to be saved.',
    aliases: canvas('save_to_database'),
  }),
  upperCase: taskRow<TextInput, string>()({
    ...ofData,
    name: 'samples.upperCase',
    purpose: 'Converts a text to capital letters.',
    aliases: canvas('transform_item'),
  }),
  add: taskRow<PairInput, number>()({
    ...shared,
    name: 'samples.add',
    purpose: 'Adds two numbers.',
    parameters: ['a', 'b'],
    aliases: canvas('add_numbers'),
  }),
  sumOfSquares: taskRow<NumbersInput, number>()({
    ...ofData,
    name: 'samples.sumOfSquares',
    purpose: 'Squares each number by a call of its own and sums them: replaces itself by a chord.',
    composes: true,
  }),
  countItems: taskRow<NumbersInput, number>()({
    ...ofData,
    name: 'samples.countItems',
    purpose: 'Counts the items of a chunk.',
    aliases: ['celery_app.best_practices.process_chunk'],
  }),
  processFile: taskRow<FileInput, FileOutput>()({
    ...shared,
    name: 'samples.processFile',
    purpose: 'Stands for the processing of one file.',
    parameters: ['file_id'],
  }),
  notifyOfFile: taskRow<FileNoticeInput, FileNoticeOutput>()({
    ...shared,
    name: 'samples.notifyOfFile',
    purpose: 'Stands for telling a user that a file was processed.',
    parameters: ['file', 'user_id'],
  }),
} as const;
