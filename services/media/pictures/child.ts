/** Entry point of a child process that makes pictures. */
import { serve } from '../../processes/serve.ts';
import { look } from './look.ts';
import { make } from './make.ts';
import type { PictureLimits, PictureResults, PictureTask } from './messages.ts';

serve<PictureTask, PictureLimits>((limits) => (task): Promise<PictureResults[PictureTask['kind']]> => {
  switch (task.kind) {
    case 'look':
      return look(task.path, task.animation, limits);
    case 'make':
      return make(task.path, task.wanted);
  }
});
