/** What an operator sees of a failed run: never secrets, addresses or contents. */
import { describe, expect, it } from 'vitest';
import { lettersOf } from '../../../workers/dlq/letters.ts';
import { failedRun } from '../../support/dlq.ts';

const SECRETS = ['hunter2', 'ann@private.example', 'sk_live_abcdefghijklmnopqrstu'];

describe('a dead letter', () => {
  it('SEC-2 P3-22 holds no secret of the input or the message', () => {
    const message = `POST https://ann:hunter2@shop.example/pay?api_key=hunter2 for ann@private.example with ${SECRETS[2]!}`;
    const input = { orderId: 17, password: 'hunter2', email: 'ann@private.example', note: { token: SECRETS[2] } };
    const [letter] = lettersOf(failedRun('w', { input, message }), 'v1');
    for (const secret of SECRETS) expect(JSON.stringify(letter)).not.toContain(secret);
    expect(letter).toMatchObject({ kwargs: { orderId: 17 }, args: [], retryCount: 3, failureClass: 'transient' });
    expect(letter?.errorMessage).toContain('POST https://');
  });

  it.each([
    [{ a: 1 }, [], { a: 1 }],
    [[{ a: 1 }, 2], [{ a: 1 }, 2], {}],
    ['text', ['text'], {}],
    [undefined, [], {}],
    [null, [null], {}],
  ])('shows the input %j as arguments', (input, args, kwargs) => {
    expect(lettersOf(failedRun('w', { input }), 'v1')).toMatchObject([{ args, kwargs }]);
  });

  it('knows the same input again', () => {
    const hash = (input: unknown) => lettersOf(failedRun('w', { input }), 'v1')[0]?.inputHash;
    expect(hash({ a: 1 })).toBe(hash({ a: 1 }));
    expect(hash({ a: 1 })).not.toBe(hash({ a: 2 }));
  });
});
