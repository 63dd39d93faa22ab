/**
 * Takes the picture of the README: reads `samples/` as a batch on a stack of its own, opens the batch in Temporal's Web
 * UI with a headless Chromium, and writes `docs/images/pipeline.png`.
 *
 * Usage: `npm run screenshot`; requires `chromium`, `chromium-browser` or `google-chrome` on PATH.
 */
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import sharp from 'sharp';
import { connectPerennial } from '../client/index.ts';
import { loadConfig } from '../config/load.ts';
import { forceUtc } from '../config/process.ts';
import { projectDir } from '../config/project.ts';
import { terminalReporter } from '../stack/reporter.ts';
import type { StackAddresses } from '../stack/state.ts';
import { startStack } from '../stack/supervisor.ts';

const TARGET = path.join(projectDir, 'docs', 'images', 'pipeline.png');
/** Size of the window in pixels, tall enough for the bars of all samples. */
const SIZE = { width: 1600, height: 1290 };
/** Width of the saved picture in pixels, reduced so that it fits a page of text. */
const WIDTH = 1400;
const MAX_BYTES = 250_000;

const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Returns the path of the first Chromium on PATH. */
function findChromium(): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of folders) {
      const file = path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // The next folder may contain it.
      }
    }
  }
  throw new Error('expected chromium, chromium-browser or google-chrome on PATH, found none of them');
}

/** Reads the samples and returns the id of the batch. */
async function readSamples({ temporal, namespace }: StackAddresses): Promise<string> {
  const client = await connectPerennial({ address: temporal, namespace });
  try {
    const paths = [path.join(projectDir, 'samples')];
    const batch = await client.documents.batchOcr({ paths, backend: 'tesseract' }, { id: 'samples' });
    const { total, saved } = await batch.result();
    if (saved === 0) throw new Error(`expected a batch that reads documents, got ${String(total)} and none was read`);
    return batch.id;
  } finally {
    await client.close();
  }
}

/** Opens the timeline of a workflow as a person would, and takes the picture. */
async function photograph(browser: Browser, ui: string, workflow: string): Promise<Buffer> {
  const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light', timezoneId: 'UTC' });
  await page.goto(`${ui}${workflow}`, { waitUntil: 'networkidle' });
  await page.getByText('documents.summariseBatch').first().waitFor({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Descending' }).click();
  await page.getByRole('button', { name: 'Minimized' }).click();
  // The panels Input and Result are removed, because they are long and contain a path of this machine, while the
  // picture is meant to show the timeline.
  for (const title of ['Input', 'Result']) {
    const panel = page
      .getByRole('heading', { name: title, exact: true })
      .locator('xpath=ancestor::*[.//pre or .//*[@role="textbox"]][1]');
    await panel.evaluate((node: { remove(): void }) => {
      node.remove();
    });
  }
  await page.waitForTimeout(1_500); // the timeline is drawn after its texts
  return page.screenshot();
}

async function main(): Promise<void> {
  forceUtc();
  const executablePath = findChromium();
  const stateDir = mkdtempSync(path.join(tmpdir(), 'perennial-screenshot-'));
  const anyPort = { TEMPORAL_PORT: '0', UI_PORT: '0', API_PORT: '0', HEALTH_PORT: '0' };
  const config = loadConfig({
    ...process.env,
    ...anyPort,
    STATE_DIR: stateDir,
    TEMPORAL_ADDRESS: '',
    DATABASE_URL: '',
  });
  const log = await terminalReporter();
  const stack = await startStack({ config, log, components: ['temporal', 'postgres', 'worker'] });
  try {
    log.step('Reading the samples');
    const id = await readSamples(stack.addresses);
    log.step('Taking the picture');
    const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
    const raw = await photograph(
      browser,
      stack.addresses.ui ?? '',
      `/namespaces/${config.temporal.namespace}/workflows/${id}`,
    );
    await browser.close();
    const png = await sharp(raw).resize({ width: WIDTH }).png({ palette: true, quality: 90, effort: 10 }).toBuffer();
    if (png.length > MAX_BYTES)
      throw new Error(`expected a picture of at most ${String(MAX_BYTES)} bytes, got ${String(png.length)}`);
    await writeFile(TARGET, png);
    log.done(`${path.relative(projectDir, TARGET)}: ${String(png.length)} bytes`);
  } finally {
    await stack.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

await main();
process.exit(0);
