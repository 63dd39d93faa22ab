/** A process that looks at a file, closes its reader and has nothing else to do: `node --import tsx closing-parent.ts <picture>`. */
import { createOcrReader } from '../../../services/ocr/reader.ts';
import { never } from './request.ts';

const reader = createOcrReader({ processes: 1 });
await reader.inspect(process.argv[2] ?? '', never);
await reader.close();
process.stdout.write('closed');
