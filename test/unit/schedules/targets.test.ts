/** The targets of schedules: what is accepted and what the server starts for them. */
import { describe, expect, it } from 'vitest';
import { checkSchedule } from '../../../client/schedules/checks.ts';
import { checkTarget, solarTarget, startOf } from '../../../client/schedules/targets.ts';
import type { NewSchedule } from '../../../contracts/schedules/vocabulary.ts';
import { queues } from '../../../contracts/queues/names.ts';

const rules = { priorityLevels: 5, sealKeys: undefined } as const;
const add = { task: 'samples.add', input: { a: 1, b: 2 } };

/** A target whose arguments have so many bytes as JSON. */
function ofSize(bytes: number) {
  const sized = (data: readonly number[]) => ({ task: 'samples.sumTiny', input: { data } });
  const frame = JSON.stringify(['samples.sumTiny', { data: [] }]).length;
  const odd = (bytes - frame) % 2 === 0;
  const count = Math.floor((bytes - frame + 1) / 2);
  return sized(Array.from({ length: count }, (_, index) => (odd && index === 0 ? 77 : 7)));
}

describe('BEAT-22 the target of a schedule', () => {
  it('has arguments of at most 30,000 bytes, whatever they contain', () => {
    expect(() => checkTarget(ofSize(30_000), rules)).not.toThrow();
    expect(() => checkTarget(ofSize(30_001), rules)).toThrow(
      'target: expected arguments of at most 30000 bytes as JSON; let the task read long lists where it runs, got 30001',
    );
    const umlauts = { canvas: { task: 'samples.add', args: ['ä'.repeat(16_000), 1] } };
    expect(() => checkTarget(umlauts, rules)).toThrow('target: expected arguments of at most 30000 bytes');
  });

  it('a canvas that is far too large is refused before all of it is read', () => {
    const member = { task: 'samples.add', args: [1, 2] };
    const canvas = { task: 'celery.group', kwargs: { tasks: [...Array<object>(99_999).fill(member), { task: 7 }] } };
    expect(() => checkTarget({ canvas }, rules)).toThrow(
      'target.canvas.kwargs.tasks: expected a canvas of at most 60000 characters',
    );
    const long = { task: 'samples.add', args: ['a'.repeat(70_000), 1] };
    expect(() => checkTarget({ canvas: long }, rules)).toThrow(
      'target.canvas.args[0]: expected a canvas of at most 60000',
    );
  });

  it('passes the options of its call to the run', () => {
    const limits = [{ key: 'k', concurrency: 1 }];
    const options = {
      ...{ ignoreResult: true, softTimeLimit: 5, hardTimeLimit: 9, headers: { trace: 'x' } },
      ...{ tenant: 'acme', tags: ['nightly'], limits, expires: 60, priority: 10 },
    };
    const facts = {
      ...{ ignoreResult: true, softMs: 5_000, hardMs: 9_000, headers: { trace: 'x' } },
      ...{ tenant: 'acme', limits, expiresAfterDueMs: 60_000 },
    };
    const start = startOf({ id: 'x', target: { ...add, options } }, rules);
    expect(start.args).toEqual(['samples.add', add.input, facts]);
    expect(start.priority).toEqual({ priorityKey: 1, fairnessKey: 'acme' });
    expect(solarTarget({ ...add, options }, rules)).toEqual({
      ...add,
      facts,
      listed: { task: 'samples.add', tenant: 'acme', tags: ['nightly'] },
    });
    expect(startOf({ id: 'x', target: add }, rules).args).toEqual(['samples.add', add.input]);
    const [, , regional] = startOf({ id: 'x', target: { ...add, options: { region: 'asia' } } }, rules).args;
    expect(regional).toEqual({ queue: `${queues.documentsDefault}@asia` });
    const ocr = { backend: 'tesseract', language: 'eng', preprocess: false, forceOcr: false };
    const pages = { documentId: '00000000-0000-4000-8000-000000000001', options: ocr, firstPage: 1, maxPages: 1 };
    const read = { task: 'documents.readDocument', input: pages };
    const [patient, urgent] = [{}, { routing: { urgent: true } }].map(
      (more) => startOf({ id: 'x', target: { ...read, options: more } }, rules).args[2],
    );
    expect(urgent).not.toEqual(patient);
  });

  it.each(['id', 'idempotencyKey', 'countdown', 'eta', 'link', 'linkError'])(
    'has no %s, which a call needs only once',
    (option) => {
      const target = { ...add, options: { [option]: 5 } } as NewSchedule['target'];
      expect(() => checkSchedule({ id: 'x', timing: { every: { seconds: 60 } }, target }, rules)).toThrow(
        `schedule.target.options.${option}: expected no such field, got 5`,
      );
    },
  );
});
