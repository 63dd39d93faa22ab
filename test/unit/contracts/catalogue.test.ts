import { describe, expect, it } from 'vitest';
import { type AnyTask, catalogue } from '../../../contracts/catalogue.ts';
import { packedAmong } from '../../../contracts/register.schema.ts';
import { taskSchemas } from '../../../contracts/catalogue.schema.ts';
import type { DomainContract } from '../../../contracts/domain.ts';
import * as domains from '../../../contracts/domains.ts';
import * as schemas from '../../../contracts/domains.schema.ts';
import { documentWorkflowId, parseDocumentWorkflowId } from '../../../contracts/documents/vocabulary.ts';
import { batchOcrInputSchema } from '../../../contracts/documents/schema.ts';
import { failures } from '../../../contracts/failures.ts';
import { PACK_ATTEMPTS } from '../../../contracts/tasks/packs.ts';
import { queueRow } from '../../../contracts/queues/table.ts';
import { queues } from '../../../contracts/queues/names.ts';
import { workflowShapes } from '../../../workflows/interceptors.ts';

const tasks = catalogue;

describe('the catalogue', () => {
  it('CFG-16 every task has a namespaced name, unique, on a known queue', () => {
    expect(tasks.length).toBeGreaterThan(0);
    expect(new Set(tasks.map(({ name }) => name)).size).toBe(tasks.length);
    for (const { name, queue } of tasks) {
      expect(name).toMatch(/^[a-z]+\.[a-zA-Z]+$/);
      expect(Object.values(queues)).toContain(queue);
    }
  });

  it('CFG-15 every task has schemas, reasons and limits that make sense', () => {
    for (const { name, retry, limits } of tasks) {
      expect(taskSchemas).toHaveProperty([name]);
      expect(retry.attempts).toBeGreaterThanOrEqual(1);
      expect(retry.reason).not.toBe('');
      expect(limits.softMs).toBeLessThan(limits.hardMs);
      expect(limits.heartbeatMs).toBeLessThanOrEqual(10_000);
    }
  });

  it('PERF-1 batchable tasks have no limits that a pack would slip past, and attempts to spare for its worker', () => {
    const batchable = (tasks as readonly AnyTask[]).filter((task) => task.batchable === true);
    expect(batchable.length).toBeGreaterThan(0);
    for (const { queue, keyedLimits, retry, composes = false } of batchable) {
      expect(composes).toBe(false);
      expect(keyedLimits ?? []).toEqual([]);
      expect(queueRow(queue).rate).toBeUndefined();
      expect(retry.attempts).toBeGreaterThan(PACK_ATTEMPTS);
    }
    expect(packedAmong(['samples.addOneTiny', 'samples.addOne', 'unknown'])).toEqual({
      'samples.addOneTiny': queues.documentsDefault,
    });
    expect(packedAmong(['samples.addOne'])).toBeUndefined();
  });

  it('no task with a sealed input has a limit by a field, whose value the server shows', () => {
    const byField = (tasks as readonly AnyTask[]).filter(({ keyedLimits = [] }) =>
      keyedLimits.some(({ by }) => typeof by === 'object'),
    );
    expect(byField.filter(({ sealInput }) => sealInput === true)).toEqual([]);
  });

  it('no task with a sealed output composes, because what takes its place gives the result', () => {
    expect((tasks as readonly AnyTask[]).filter((task) => task.sealOutput === true && task.composes === true)).toEqual(
      [],
    );
  });

  it('every task bears the name of its domain and of its key', () => {
    for (const [domain, { tasks: table = {} }] of Object.entries<DomainContract>(domains))
      for (const [key, { name }] of Object.entries(table)) expect(name).toBe(`${domain}.${key}`);
  });

  it('a domain with tasks is in the list of schemas, and no other', () => {
    const withTasks = Object.entries<DomainContract>(domains).filter(([, { tasks: table }]) => table !== undefined);
    expect(Object.keys(schemas).sort()).toEqual(withTasks.map(([domain]) => domain).sort());
  });

  it('the bundle has every workflow that a domain names, and no other', () => {
    const named = Object.values<DomainContract>(domains).flatMap((domain) => Object.values(domain.workflows ?? {}));
    expect(Object.keys(workflowShapes).sort()).toEqual(named.sort());
  });

  it('every failure says what to do', () => {
    for (const rule of Object.values(failures)) expect(rule.remedy.length).toBeGreaterThan(10);
  });
});

describe('workflow ids', () => {
  it.each(['batchOcr', 'processDocumentOcr', 'extractInvoiceData'] as const)(
    'IDEM-4 %s: the id is the business key, and back',
    (workflow) => {
      expect(parseDocumentWorkflowId(documentWorkflowId(workflow, 'key-1'))).toEqual({ workflow, key: 'key-1' });
    },
  );

  it('an id of another domain is not ours', () => {
    expect(parseDocumentWorkflowId('report-1')).toBeUndefined();
  });
});

describe('the input of a batch', () => {
  it.each([
    [{}, false],
    [{ documentIds: ['a'], paths: ['b'] }, false],
    [{ documentIds: ['a'], unknown: 1 }, false],
    [{ paths: ['a'], window: 0 }, false],
    [{ paths: ['a'], window: 501 }, false],
    [{ paths: ['a'], backend: 'magic' }, false],
    [{ paths: ['a'], language: 'eng+deu', window: 500 }, true],
    [{ documentIds: ['a'], backend: 'deepseek' }, true],
    [{ resume: true }, true],
  ])('CFG-8 %j is accepted: %s', (input, accepted) => {
    expect(batchOcrInputSchema.safeParse(input).success).toBe(accepted);
  });
});
