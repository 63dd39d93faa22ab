/** Entry point of a child process that reads pages. */
import { serve } from '../processes/serve.ts';
import { withAutomatic } from './languages/automatic.ts';
import type { ChildSettings, PageTask } from './messages.ts';
import { createPageWork } from './page-work.ts';
import { createTesseractBinary } from './tesseract-binary.ts';
import { createTesseractJs } from './tesseract-js.ts';

serve<PageTask, ChildSettings>((settings, runner) => {
  const engine =
    settings.tesseract === undefined
      ? createTesseractJs()
      : createTesseractBinary(settings.tesseract, (pid) => runner.helper(pid));
  return createPageWork(settings, withAutomatic(engine));
});
