/** Entry point of the child process for drawing. */
import { serve } from '../processes/serve.ts';
import { drawCharts } from './draw-charts.ts';
import { drawInvoice } from './draw-invoice.ts';
import { drawPdf } from './draw-pdf.ts';
import { drawSheet } from './draw-sheet.ts';
import type { DrawResults, DrawTask } from './render-messages.ts';

function draw(task: DrawTask): Promise<DrawResults[DrawTask['kind']]> {
  switch (task.kind) {
    case 'charts':
      return drawCharts(task.data);
    case 'pdf':
      return drawPdf(task.content);
    case 'invoice':
      return drawInvoice(task.invoice);
    case 'sheet':
      return drawSheet(task.sheet);
  }
}

serve<DrawTask>(() => draw);
