import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createPorts, portFaults, portsOf } from '../../../application/ports.ts';
import { loadConfig } from '../../../config/load.ts';
import { definePort, defineTask, setting } from '../../../define/index.ts';
import { isDefinedTask } from '../../../define/task.ts';
import { provide, runTask } from '../../../testing/index.ts';

const config = loadConfig({});

function stockPort(events: string[] = [], failures = 0) {
  let left = failures;
  return definePort({
    name: 'shop.stock',
    settings: {
      url: setting.required('STOCK_URL', { doc: 'Where the stock is.' }),
      pieces: setting.number('STOCK_PIECES', 3, { min: 1, max: 9 }, { doc: 'Pieces.' }),
    },
    open: ({ url, pieces }) => {
      events.push(`open ${url}`);
      if (left-- > 0) throw new Error('away');
      return { count: (sku: string) => `${sku}: ${pieces} at ${url}` };
    },
    close: () => void events.push('close'),
  });
}

const taskOf = (stock: ReturnType<typeof stockPort>) =>
  defineTask({ name: 'shop.count', input: z.string(), output: z.string(), ports: { stock } }, (sku, _context, ports) =>
    ports.stock.count(sku),
  );

describe('ports of tasks', () => {
  it('are opened once, when they are used, with their settings, and closed', async () => {
    const events: string[] = [];
    const task = taskOf(stockPort(events));
    if (!isDefinedTask(task)) throw new TypeError('expected a task');
    const ports = createPorts(portsOf([task, task]), { STOCK_URL: ' http://stock ', STOCK_PIECES: '5' }, config);
    expect(events).toEqual([]);
    const [one, two] = await Promise.all([ports.open(task.ports), ports.open(task.ports)]);
    expect(one['stock']).toBe(two['stock']);
    expect((one['stock'] as { count: (sku: string) => string }).count('a')).toBe('a: 5 at http://stock');
    await ports.close();
    expect(events).toEqual(['open http://stock', 'close']);
  });

  it('are opened anew by the attempt after one that failed', async () => {
    const port = stockPort([], 1);
    const ports = createPorts([port], { STOCK_URL: 'x' }, config);
    await expect(ports.open({ port })).rejects.toThrow('away');
    await expect(ports.open({ port })).resolves.toHaveProperty('port');
  });

  it('are refused with all that is wrong with their settings, before anything is opened', () => {
    expect(() => createPorts([stockPort()], { STOCK_PIECES: '10' }, config)).toThrow(
      /STOCK_URL: expected text\. It must be set\.\n {2}STOCK_PIECES: expected a whole number from 1 to 9, got '10'/,
    );
  });

  it('do not share names or variables', () => {
    expect(portFaults([stockPort(), stockPort()]).map(({ got }) => got)).toEqual([`'shop.stock' twice`]);
    const other = definePort({
      name: 'shop.other',
      settings: {
        a: setting.text('STOCK_URL', 'x', { doc: '' }),
        b: setting.text('DATABASE_URL', 'x', { doc: '' }),
      },
      open: () => null,
    });
    expect(portFaults([stockPort(), other]).map(({ expected, got }) => [expected, got])).toEqual([
      ['a variable that shop.stock does not read', 'STOCK_URL'],
      ['a variable that the product does not read', 'DATABASE_URL'],
    ]);
  });

  it('are given by a test, and asked for when it forgets', async () => {
    const stock = stockPort();
    const task = taskOf(stock);
    const given = provide(stock, { count: (sku) => `${sku}: many` });
    expect(await runTask(task, 'a', { ports: [given] })).toBe('a: many');
    await expect(runTask(task, 'a')).rejects.toThrow('shop.stock: expected something in place of the port');
  });
});
