import { expect, it } from 'vitest';
import { errorRate, PARAGRAPH } from '../../unit/ocr/pages.ts';
import { heic, withProperty, withSize } from '../../unit/ocr/heif/files.ts';
import { never, request } from './request.ts';
import { useReaders } from './support.ts';

const { reader: makeReader, stored } = useReaders();

it('OCR-3 reads a HEIC picture of a phone, also one that lies on its side, and draws it upright', async () => {
  const reader = makeReader();
  for (const [name, bytes] of [
    ['upright.heic', await heic('page')],
    ['turned.heic', withProperty(await heic('page'), 'irot', 1)],
  ] as const) {
    const path = await stored(name, bytes);
    expect(await reader.inspect(path, never)).toEqual({ mediaType: 'image/heic', pages: 1 });
    const reading = await reader.readPage(request(path, { mediaType: 'image/heic' }), never);
    expect(errorRate(reading.text, PARAGRAPH.join(' ')), name).toBeLessThan(0.01);
    const { rotation, skew } = reading;
    const drawn = await reader.renderPage(path, 'image/heic', 0, { dpi: 300, rotation, skew }, never);
    expect(drawn.width, name).toBeGreaterThan(drawn.height);
  }
});

it('refuses HEIC pictures whose pixels are more than they declare, and reads the next one', async () => {
  const reader = makeReader();
  const bomb = await stored('bomb.heic', withSize(await heic('page'), 64, 64));
  await expect(reader.readPage(request(bomb), never)).rejects.toMatchObject({ type: 'CorruptDocument' });
  const whole = await stored('whole.heic', await heic('page'));
  expect(await reader.readPage(request(whole), never)).toMatchObject({ state: 'read' });
});
