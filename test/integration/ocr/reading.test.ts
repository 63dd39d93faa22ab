import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PooledOcrReader } from '../../../services/ocr/reader.ts';
import { findTesseract } from '../../../services/ocr/tesseract-binary.ts';
import { drawPdf } from '../../unit/ocr/drawn.ts';
import { errorRate, makePdf, PARAGRAPH } from '../../unit/ocr/pages.ts';
import { byRow, down, FARM, RIVER, TOWN, turnedPdf } from '../../unit/ocr/placed.ts';
import { never, request } from './request.ts';
import { picture, useReaders } from './support.ts';

const TRUTH = PARAGRAPH.join(' ');
const { folder, reader: makeReader, stored } = useReaders();

// tesseract.js is read with always; the binary where the machine has it.
const ENGINES = findTesseract() === undefined ? (['tesseract.js'] as const) : (['tesseract.js', 'tesseract'] as const);

describe.each(ENGINES)('OCR-3 backend tesseract, engine %s', (engine) => {
  let reader: PooledOcrReader;
  beforeAll(() => {
    reader = makeReader({ tesseractPath: engine === 'tesseract' ? 'auto' : 'none' });
    expect(reader.engine).toBe(engine);
  });

  it('reads an upright page with text, confidence and boxes', async () => {
    const path = await stored(`${engine}-upright.png`, await picture(reader, folder()));
    expect(await reader.inspect(path, never)).toEqual({ mediaType: 'image/png', pages: 1 });
    const reading = await reader.readPage(request(path), never);
    expect(reading).toMatchObject({ page: 0, engine, origin: 'ocr', rotation: 0, skew: 0 });
    expect(errorRate(reading.text, TRUTH)).toBeLessThan(0.01);
    expect(reading.confidence).toBeGreaterThan(0.85);
    const [left, top, right, bottom] = reading.words[0]!.box;
    expect(left).toBeCloseTo(36 / 420, 1);
    expect(top).toBeGreaterThan(0.12);
    expect(right).toBeLessThan(0.2);
    expect(bottom).toBeLessThan(0.22);
    expect(new Set(reading.words.map((word) => word.line)).size).toBe(PARAGRAPH.length);
  });

  it.each([
    [90, 270],
    [180, 180],
    [270, 90],
  ] as const)('turns a page that lies at %d degrees', async (made, wanted) => {
    const path = await stored(`${engine}-${String(made)}.png`, await picture(reader, folder(), made));
    const reading = await reader.readPage(request(path), never);
    expect(reading.rotation).toBe(wanted);
    expect(errorRate(reading.text, TRUTH)).toBeLessThan(0.01);
  });

  it('straightens a tilted page, and draws it so that the boxes fit', async () => {
    const path = await stored(`${engine}-tilted.png`, await picture(reader, folder(), 4));
    const reading = await reader.readPage(request(path), never);
    expect(Math.abs(reading.skew - 4)).toBeLessThan(0.2);
    expect(errorRate(reading.text, TRUTH)).toBeLessThan(0.01);
    const drawn = await reader.renderPage(
      path,
      'image/png',
      0,
      { dpi: 300, rotation: reading.rotation, skew: reading.skew },
      never,
    );
    expect([drawn.width, drawn.height]).toEqual([reading.width, reading.height]);
    expect((await sharp(drawn.jpeg).metadata()).format).toBe('jpeg');
  });

  it('reads a page as it is without preprocessing', async () => {
    const path = await stored(`${engine}-plain.png`, await picture(reader, folder()));
    const reading = await reader.readPage(request(path, { preprocess: false }), never);
    expect(reading).toMatchObject({ rotation: 0, skew: 0 });
    expect(errorRate(reading.text, TRUTH)).toBeLessThan(0.01);
  });

  it('names a missing language and what is installed', async () => {
    const path = await stored(`${engine}-language.png`, await picture(reader, folder()));
    const failed = reader.readPage(request(path, { language: 'tlh' }), never);
    await expect(failed).rejects.toMatchObject({
      type: 'LanguageDataMissing',
      message: expect.stringMatching(/^language: .*installed: .*eng.*got 'tlh'.*OCR_LANGUAGE/) as string,
    });
  });
});

describe('a PDF', () => {
  it('is read by its text layer where it has one, else by its picture', async () => {
    const reader = makeReader();
    const scan = await picture(reader, folder());
    const path = await stored('mixed.pdf', await makePdf([{ lines: PARAGRAPH }, { picture: scan }]));
    expect(await reader.inspect(path, never)).toEqual({ mediaType: 'application/pdf', pages: 2 });
    const readings = await Promise.all(
      [0, 1].map((page) => reader.readPage(request(path, { page, forceOcr: false }), never)),
    );
    expect(readings.map((reading) => reading.origin)).toEqual(['text-layer', 'ocr']);
    for (const reading of readings) expect(errorRate(reading.text, TRUTH)).toBeLessThan(0.01);
    expect((await reader.readPage(request(path), never)).origin, 'forceOcr').toBe('ocr');
    await expect(reader.readPage(request(path, { page: 2 }), never)).rejects.toMatchObject({ type: 'InvalidInput' });
  });
});

describe('OCR-3 backend deepseek', () => {
  const serve = async (status: number, body: unknown, headers: Record<string, string> = {}) => {
    const requests: string[] = [];
    const server = createServer((incoming, response) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
      incoming.on('end', () => {
        requests.push(text);
        response.writeHead(status, headers).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const deepseek = { url: `http://127.0.0.1:${String(port)}`, apiKey: 'sk-secret', model: 'm' };
    return { deepseek, requests, close: () => server.close() };
  };

  it('reads a page that a child made upright', async () => {
    const service = await serve(200, { choices: [{ message: { content: TRUTH }, finish_reason: 'stop' }] });
    const reader = makeReader({ deepseek: service.deepseek });
    const path = await stored('deepseek.png', await picture(reader, folder(), 90));
    const reading = await reader.readPage(request(path, { backend: 'deepseek' }), never);
    expect(reading).toMatchObject({ engine: 'deepseek', origin: 'ocr', text: TRUTH, rotation: 270 });
    expect(reading.fallbackReason).toBeUndefined();
    const sent = /data:image\/jpeg;base64,([^"]+)/.exec(service.requests[0]!)![1]!;
    const { width, height } = await sharp(Buffer.from(sent, 'base64')).metadata();
    expect(width).toBeGreaterThan(height);
    service.close();
  });

  it('falls back to tesseract and says why, and leaves a throttled service alone', async () => {
    const service = await serve(429, {}, { 'retry-after': '60' });
    const warnings: unknown[] = [];
    const reader = makeReader({
      deepseek: service.deepseek,
      logger: { warn: (facts, message) => warnings.push([facts, message]) },
    });
    const path = await stored('throttled.png', await picture(reader, folder()));
    for (const _ of [1, 2]) {
      const reading = await reader.readPage(request(path, { backend: 'deepseek' }), never);
      expect(reading.fallbackReason).toMatch(/^BackendThrottled: /);
      expect(errorRate(reading.text, TRUTH)).toBeLessThan(0.01);
    }
    expect(service.requests).toHaveLength(1);
    expect(warnings).toHaveLength(2);
    expect(JSON.stringify(warnings)).not.toContain('sk-secret');
    service.close();
  });

  it.each([
    [500, 'BackendUnavailable'],
    [401, 'BackendRejected'],
  ])('falls back after %d', async (status, type) => {
    const service = await serve(status, {});
    const reader = makeReader({ deepseek: service.deepseek });
    const path = await stored(`failing-${String(status)}.png`, await picture(reader, folder()));
    expect((await reader.readPage(request(path, { backend: 'deepseek' }), never)).fallbackReason).toMatch(`${type}: `);
    service.close();
  });

  it('falls back when it is not configured', async () => {
    const reader = makeReader();
    const path = await stored('unconfigured.png', await picture(reader, folder()));
    const reading = await reader.readPage(request(path, { backend: 'deepseek' }), never);
    expect(reading.fallbackReason).toMatch(/^BackendNotConfigured: /);
    expect(reading.engine).toBe(reader.engine);
  });
});

describe('the calling process', () => {
  it('keeps its event loop free while a page is read', async () => {
    const reader = makeReader();
    const path = await stored('busy.png', await picture(reader, folder(), 3));
    const before = performance.eventLoopUtilization();
    let longest = 0;
    let last = performance.now();
    const ticker = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 10);
    await reader.readPage(request(path), never);
    clearInterval(ticker);
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.3);
    // A page takes a second and more; only a wait of the machine itself may come near this.
    expect(longest).toBeLessThan(300);
  });
});

describe('a page of text and pictures', () => {
  it('keeps the text and reads the picture, in the order of the page', async () => {
    const reader = makeReader();
    const scan = await picture(reader, folder());
    const path = await stored(
      'scan-and-stamp.pdf',
      await makePdf([{ picture: scan, stamp: 'Received on 2026-03-14' }]),
    );
    const reading = await reader.readPage(request(path, { forceOcr: false }), never);
    expect(reading).toMatchObject({
      origin: 'mixed',
      state: 'read',
      engine: `text-layer+${reader.engine}`,
      rotation: 0,
    });
    expect(reading.text).toContain('Received on 2026-03-14');
    expect(errorRate(reading.text.replace('Received on 2026-03-14', ''), TRUTH)).toBeLessThan(0.02);
    const gardener = reading.words.find(({ text }) => text === 'gardener');
    expect(gardener?.box[1], 'on the second of fifteen lines').toBeCloseTo(40 / 300, 1);
    expect(reading.confidence).toBeLessThan(1);
  });

  it('adds the values of fields to a page that is recognised', async () => {
    const reader = makeReader();
    const note = '/Subtype /Text /Contents (Ask the auditor)';
    const path = await stored('note.pdf', drawPdf({ lines: [['No 17', 40, 60]], annotations: [note] }));
    const reading = await reader.readPage(request(path, { forceOcr: false }), never);
    expect(reading.origin).toBe('ocr');
    expect(reading.text).toContain('Ask the auditor');
  });

  it('believes what is seen rather than a layer of nonsense', async () => {
    const reader = makeReader();
    const scan = await picture(reader, folder());
    const nonsense = Array.from({ length: 5 }, () => 'Gubchn Srvoaoetr xq zvkw lmnt prqs tvwx bcdf ghjk');
    const path = await stored('nonsense.pdf', await makePdf([{ picture: scan, layer: nonsense, hidden: true }]));
    const reading = await reader.readPage(request(path, { forceOcr: false }), never);
    expect(reading).toMatchObject({ origin: 'ocr', state: 'read' });
    expect(errorRate(reading.text, TRUTH)).toBeLessThan(0.02);
  });

  it.each([90, 180, 270] as const)('reads columns one after the other on a page turned by %d degrees', async (turn) => {
    const reader = makeReader();
    const columns = byRow(down([...RIVER, ...TOWN], 40, 60), down([...FARM, ...RIVER], 230, 60));
    const path = await stored(`columns-${String(turn)}.pdf`, turnedPdf(columns, turn));
    const { text, rotation } = await reader.readPage(request(path), never);
    expect(rotation).toBe(360 - turn);
    expect(text.split('\n').filter((line) => line !== '')).toEqual([...RIVER, ...TOWN, ...FARM, ...RIVER]);
  });

  it('calls a page without ink blank', async () => {
    const reader = makeReader();
    const path = await stored('blank.pdf', await makePdf([{ lines: [] }]));
    expect(await reader.readPage(request(path, { forceOcr: false }), never)).toMatchObject({
      state: 'blank',
      text: '',
    });
  });
});
