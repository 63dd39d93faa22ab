/** Entry of the process that draws: one request after the other, until its parent is gone. */
import { PerennialError } from '../../contracts/failures.ts';
import { drawCharts } from './draw-charts.ts';
import { drawPdf } from './draw-pdf.ts';
import { drawSheet } from './draw-sheet.ts';
import type { DrawAnswer, DrawRequest, DrawTask } from './render-messages.ts';

function send(answer: DrawAnswer): void {
  if (process.connected) process.send?.(answer);
}

function draw(task: DrawTask): Promise<unknown> {
  switch (task.kind) {
    case 'charts':
      return drawCharts(task.data);
    case 'pdf':
      return drawPdf(task.content);
    case 'sheet':
      return drawSheet(task.sheet);
  }
}

function failed(id: number, error: unknown): DrawAnswer {
  if (error instanceof PerennialError) return { kind: 'failed', id, type: error.type, message: error.message };
  // The message of a foreign error may quote names, so only its own name goes on.
  const name = error instanceof Error ? error.name : typeof error;
  const message = `Expected the report to be drawn, but the renderer met an unforeseen ${name}. It is retried; if it repeats, report it.`;
  return { kind: 'failed', id, type: 'RendererCrashed', message };
}

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  // `as`: the only sender is render-process.ts, with this type.
  const { id, task } = message as DrawRequest;
  const startedAt = performance.now();
  draw(task).then(
    (value) => send({ kind: 'done', id, value, drawMs: performance.now() - startedAt }),
    (error: unknown) => send(failed(id, error)),
  );
});
