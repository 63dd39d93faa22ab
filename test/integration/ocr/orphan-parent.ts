/** A process that reads a page and is killed meanwhile: `node --import tsx orphan-parent.ts <picture> <tesseract>`. */
import { createOcrReader } from '../../../services/ocr/reader.ts';
import { never, request } from './request.ts';

const [path = '', tesseractPath = 'none'] = process.argv.slice(2);
const reader = createOcrReader({ processes: 1, tesseractPath });
await reader.inspect(path, never);
void reader.readPage(request(path), never);
process.stdout.write(`${JSON.stringify(reader.pids())}\n`);
