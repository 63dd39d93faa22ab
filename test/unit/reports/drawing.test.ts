import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import type { Analytics, ReportDetails } from '../../../contracts/reports/schema.ts';
import type { PdfContent } from '../../../services/reports/port.ts';
import { createReportRenderer } from '../../../services/reports/renderer.ts';
import { fontsOf, propertyOf, renderPdf, textOfPdf } from '../../support/files/pdf-text.ts';
import { busyMonth, emptyMonth, noDetails, october } from '../../support/reports/samples.ts';

const renderer = createReportRenderer();
afterAll(() => renderer.close());
const signal = new AbortController().signal;

async function draw(
  data: Analytics,
  details: ReportDetails = noDetails,
  plan: Partial<PdfContent['plan']> = {},
): Promise<{ bytes: Uint8Array; pages: number }> {
  const charts = await renderer.charts(data, signal);
  return renderer.pdf(
    {
      plan: {
        reportId: '00000000-0000-8000-a000-000000000000',
        title: 'Monthly Report',
        fileName: 'Monthly Report, October 2026.pdf',
        period: october,
        userId: null,
        ...plan,
      },
      data,
      details,
      charts,
    },
    signal,
  );
}

const teamDetails: ReportDetails = {
  preparedFor: null,
  users: [
    { user: 'Ann Example', documents: 400, completed: 380 },
    { user: 'Bob Beispiel', documents: 300, completed: 300 },
  ],
  documents: [],
  failures: [],
};

describe('the charts of a report', () => {
  it('REPORT-8 are three, each as PNG and SVG', async () => {
    const charts = await renderer.charts(busyMonth(), signal);
    expect(charts.map(({ name }) => name)).toEqual(['timeline', 'outcomes', 'confidence']);
    for (const { png, svg, width } of charts) {
      expect(svg).toMatch(/^<svg[\s\S]*<\/svg>$/);
      const facts = await sharp(png).metadata();
      expect(facts).toMatchObject({ format: 'png', width: Math.round(width * 3) });
    }
    expect(charts[0]?.svg).toContain('2026-10-31');
  });

  it('the same figures give the same bytes', async () => {
    const [first, second] = [await renderer.charts(busyMonth(), signal), await renderer.charts(busyMonth(), signal)];
    expect(first.map(({ svg }) => svg)).toEqual(second.map(({ svg }) => svg));
    expect(first.every(({ png }, at) => Buffer.compare(png, second[at]?.png ?? Buffer.alloc(0)) === 0)).toBe(true);
  });
});

describe('the PDF of a report', () => {
  it('REPORT-9 holds title, period, key figures, charts, tables and page numbers as selectable text', async () => {
    const data = busyMonth();
    const { bytes, pages } = await draw(data, teamDetails);
    const text = await textOfPdf(bytes);
    expect(text).toHaveLength(pages);
    const all = text.join('\n');
    for (const shown of [
      'Monthly Report',
      '1 October 2026 – 31 October 2026',
      'Days are counted in Europe/Berlin',
      data.documents.toLocaleString('en'),
      data.ocr_processed.toLocaleString('en'),
      `${data.success_rate.toFixed(2)} %`,
      '5,432',
      '91.3 %',
      'Documents by day',
      'Outcome of the documents',
      'Confidence of the readings',
      'tesseract',
      'The file is damaged or truncated, or has no pages.',
      'Supply an undamaged copy.',
      'Ann Example',
    ])
      expect(all.replaceAll(/\s+/g, ' ')).toContain(shown);
    // every figure of the table is a figure of the data
    for (const { label, completed, failed, open } of data.buckets)
      expect(all).toMatch(
        new RegExp(`${label}\\s+${completed + failed + open}\\s+${completed}\\s+${failed}\\s+${open}`),
      );
    text.forEach((page, at) => {
      expect(page).toContain(`Page ${at + 1} of ${pages}`);
    });
  });

  it('has its properties, and its fonts embedded', async () => {
    const { bytes } = await draw(busyMonth());
    expect(await propertyOf(bytes, 'Title')).toBe('Monthly Report, October 2026');
    expect(await propertyOf(bytes, 'Author')).toBe('Perennial');
    expect(await propertyOf(bytes, 'Subject')).toBe('Figures of all documents from 2026-10-01 to 2026-10-31');
    // the end of October in Berlin
    expect(await propertyOf(bytes, 'CreationDate')).toBe('D:20261031230000Z');
    const { names, embedded } = fontsOf(bytes);
    expect(names.map((name) => name.replace(/^[A-Z]+\+/, '')).sort()).toEqual(['DejaVuSans', 'DejaVuSans-Bold']);
    expect(embedded).toBe(names.length);
  });

  it('IDEM-4 the same content gives the same bytes', async () => {
    const [first, second] = [await draw(busyMonth(), teamDetails), await draw(busyMonth(), teamDetails)];
    expect(Buffer.compare(first.bytes, second.bytes)).toBe(0);
  });

  it('of an empty period says so, and draws empty charts', async () => {
    const { bytes, pages } = await draw(emptyMonth());
    const text = (await textOfPdf(bytes)).join('\n');
    expect(pages).toBe(1);
    expect(text).toContain('No documents came in during this period.');
    expect(text).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(text).not.toContain('Figures by day');
  });

  it('SEC-1 hostile names stay in their line and turn nothing around', async () => {
    const names = [
      '<script>alert(1)</script>',
      '=cmd|/c calc!A1',
      '\u202egnp.exe\u202c',
      'two\nlines\r\nand\u0000more\u0007',
      'x'.repeat(5_000),
      '../../../etc/passwd',
      ') /Type /Action (',
      '\ud800 half a character',
    ];
    const details: ReportDetails = {
      preparedFor: 'Robert"); drop table users;--\nSubject: x',
      users: [],
      failures: [],
      documents: names.map((name) => ({
        name,
        status: 'completed',
        pages: 1,
        confidence: 0.5,
        created: '2026-10-01 10:00',
      })),
    };
    const { bytes } = await draw(busyMonth(), details, { userId: 'bob', title: 'Activity Report' });
    const text = (await textOfPdf(bytes)).join('\n');
    expect(text).toContain('Prepared for Robert"); drop table users;-- Subject: x');
    expect(text).toContain('<script>alert(1)</script>');
    expect(text).toContain('gnp.exe');
    expect(text).toContain('two lines and more');
    expect(text).toMatch(/x{20,60}…/);
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0007]/);
    expect(Buffer.from(bytes).toString('latin1')).not.toContain('/Type /Action (');
  });

  it('says so where a name is in a script that its font lacks, and only there', async () => {
    const note = /Chinese, Japanese or Korean characters/;
    for (const user of ['山田太郎', '김철수']) {
      const { bytes } = await draw(busyMonth(), { ...teamDetails, users: [{ user, documents: 1, completed: 1 }] });
      expect((await textOfPdf(bytes)).join(' ').replaceAll(/\s+/g, ' ')).toMatch(note);
    }
    const { bytes } = await draw(busyMonth(), teamDetails);
    expect((await textOfPdf(bytes)).join(' ').replaceAll(/\s+/g, ' ')).not.toMatch(note);
  });

  it('a table over pages repeats its head', async () => {
    const documents = Array.from({ length: 120 }, (_, n) => ({
      name: `scan-${n}.png`,
      status: 'completed',
      pages: 1,
      confidence: 0.9,
      created: '2026-10-01 10:00',
    }));
    const { bytes } = await draw(busyMonth(), { ...noDetails, preparedFor: 'Ann', documents });
    const text = await textOfPdf(bytes);
    const withRows = text.filter((page) => page.includes('scan-'));
    expect(withRows.length).toBeGreaterThan(2);
    for (const page of withRows) expect(page).toContain('Received');
    expect(text.join('')).toContain('scan-119.png');
  });

  // `UPDATE_GOLDEN=1` draws the picture anew; look at it before you commit it.
  it.each([
    ['busy', busyMonth, teamDetails],
    ['empty', emptyMonth, noDetails],
  ] as const)('looks as it was approved: %s', async (name, data, details) => {
    const [width, height] = [420, 594];
    const file = fileURLToPath(new URL(`golden/report-${name}.png`, import.meta.url));
    const { bytes } = await draw(data(), details);
    const pixels = Buffer.from(await renderPdf(bytes, 0, width, height));
    if (process.env['UPDATE_GOLDEN'] === '1')
      writeFileSync(
        file,
        await sharp(pixels, { raw: { width, height, channels: 1 } })
          .png({ compressionLevel: 9 })
          .toBuffer(),
      );
    const golden = await sharp(readFileSync(file)).toColourspace('b-w').raw().toBuffer();
    expect(golden).toHaveLength(pixels.length);
    // Antialiasing differs a little from machine to machine; a moved line or a missing bar does not hide in it.
    const differing = pixels.filter((value, at) => Math.abs(value - (golden[at] ?? 0)) > 48).length;
    expect(differing / pixels.length).toBeLessThan(0.004);
  });
});

describe('the renderer', () => {
  it('starts anew after its process was given up, and the reason of the signal is told', async () => {
    const stop = new AbortController();
    const drawing = renderer.charts(busyMonth(), stop.signal);
    const waiting = renderer.charts(busyMonth(), stop.signal);
    const reason = new Error('cancelled by the test');
    setTimeout(() => stop.abort(reason), 20);
    await expect(drawing).rejects.toBe(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(await renderer.charts(busyMonth(), signal)).toHaveLength(3);
  });

  it('a process that is killed while it draws is a passing failure, and the next drawing has a new one', async () => {
    const own = createReportRenderer();
    await own.charts(emptyMonth(), signal);
    const children = (): number[] =>
      execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.includes('render-child') && line.trim().split(/\s+/)[1] === String(process.pid))
        .map((line) => Number(line.trim().split(/\s+/)[0]));
    const drawing = own.charts(busyMonth(), signal);
    for (const pid of children()) process.kill(pid, 'SIGKILL');
    await expect(drawing).rejects.toMatchObject({ type: 'RendererCrashed' });
    expect(await own.charts(busyMonth(), signal)).toHaveLength(3);
    await own.close();
  });

  it('leaves the loop of its own process free while it draws', async () => {
    let ticks = 0;
    const beat = setInterval(() => (ticks += 1), 10);
    await Promise.all([draw(busyMonth()), draw(busyMonth())]);
    clearInterval(beat);
    expect(ticks).toBeGreaterThan(10);
  });

  it('after close, drawing fails with a failure of the registry', async () => {
    const closed = createReportRenderer();
    await closed.close();
    await expect(closed.charts(busyMonth(), signal)).rejects.toMatchObject({ type: 'RendererCrashed' });
  });
});
