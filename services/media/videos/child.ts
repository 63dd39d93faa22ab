/** Entry point of a child process that runs the programs of ffmpeg, which count as its helpers. */
import { serve } from '../../processes/serve.ts';
import { look, poster, transcode } from './film.ts';
import type { VideoResults, VideoSettings, VideoTask } from './messages.ts';

serve<VideoTask, VideoSettings>((settings, runner) => {
  const tools = { settings, onProcess: (pid: number) => runner.helper(pid) };
  return (task): Promise<VideoResults[VideoTask['kind']]> => {
    switch (task.kind) {
      case 'look':
        return look(tools, task.path);
      case 'poster':
        return poster(tools, task.path, task.target, task.facts);
      case 'transcode':
        return transcode(tools, task.path, task.target, task.facts);
    }
  };
});
