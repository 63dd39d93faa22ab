/** What the client starts for text messages, and what the server gets to see of them. */
import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { Conflict, type MessageJobs } from '../../../client/index.ts';
import { createMessageJobs } from '../../../client/messages/jobs.ts';
import { messageTaskSchemas } from '../../../contracts/messages/schema.ts';
import { messageTasks } from '../../../contracts/messages/tasks.ts';
import { createKeyRing } from '../../../payloads/key-ring.ts';
import { sealingCodec } from '../../../payloads/sealing.ts';
import { rpcOver, type Started } from '../../support/fakes/starts.ts';
import { TEST_SEAL_KEYS } from '../../support/servers/temporal.ts';

const ring = createKeyRing(TEST_SEAL_KEYS, 'sealKeys');

function jobs(): { messages: MessageJobs; started: Started[] } {
  const started: Started[] = [];
  const rpc = { ...rpcOver({ started }), sealKeys: ring };
  return { messages: createMessageJobs({ rpc, priorityLevels: 5 }), started };
}

const message = { to: '+4915112345678', body: 'The parcel is there.' };

describe('text messages of the client', () => {
  it('are the same job for the same key, under an id that tells neither key nor number', async () => {
    const { messages, started } = jobs();
    const [one, two] = [
      await messages.send({ ...message, messageKey: 'parcel-7' }),
      await messages.send({ ...message, messageKey: 'parcel-7' }),
    ];
    expect(one.id).toBe(two.id);
    expect(one.id).toMatch(/^message-[0-9a-f]{32}$/);
    expect((await messages.send({ ...message, messageKey: 'parcel-8' })).id).not.toBe(one.id);
    expect(JSON.stringify(started.map(({ options }) => options.workflowId))).not.toMatch(/parcel|4915112345678/);
  });

  it('are refused under a key that another message has', async () => {
    const { messages } = jobs();
    await messages.send({ ...message, messageKey: 'parcel-7' });
    const other = messages.send({ ...message, body: 'It is lost.', messageKey: 'parcel-7' });
    await expect(other).rejects.toBeInstanceOf(Conflict);
  });

  it('are messages of their own without a key', async () => {
    const { messages } = jobs();
    expect((await messages.send(message)).id).not.toBe((await messages.send(message)).id);
  });

  it.each([
    ['to', { to: 4_915_112_345_678 }],
    ['body', { body: '' }],
    ['messageKey', { messageKey: '' }],
    ['sender', { sender: 'me' }],
  ])('with a wrong %s are refused before anything is started', async (field, fields) => {
    const { messages, started } = jobs();
    await expect(messages.send({ ...message, ...fields } as never)).rejects.toMatchObject({
      type: 'InvalidInput',
      message: expect.stringContaining(field) as string,
    });
    expect(started).toEqual([]);
  });
});

describe('histories', () => {
  const { send } = messageTasks;
  const aboutOne = Object.values(messageTasks).filter(({ name }) => 'userId' in messageTaskSchemas[name].input.shape);

  it('hold neither the number nor the text of a message', async () => {
    const { messages, started } = jobs();
    await messages.send({ ...message, messageKey: 'parcel-7' });
    const codec = sealingCodec(ring, 'client');
    const { args = [] } = started[0]?.options ?? {};
    const plain: unknown[] = [...(args as readonly unknown[]), { phone: message.to }];
    const sealed = await codec.encode(plain.map((value) => defaultPayloadConverter.toPayload(value)));
    const text = sealed.map(({ data }) => Buffer.from(data ?? []).toString()).join('\n');
    expect(text).toContain(send.name);
    expect(text).not.toMatch(/4915112345678|parcel is there/);
  });

  it.each(aboutOne.map((task) => [task.name, task] as const))(
    'hold nothing of the input of %s, which names things in words of its own',
    (_name, task) => {
      expect(task.sealInput).toBe(true);
    },
  );
});
