/** A thread that derives the text of HTML messages of callers, so that the worker's event loop never waits for it. */
import { serve } from '../processes/serve.ts';
import { plainText } from './plain-text.ts';
import type { TextTask } from './texts.ts';

serve<TextTask>(
  () =>
    ({ html }) =>
      plainText(html),
);
