import { Context } from '@temporalio/activity';

/** Takes time as a task would: it beats, so that a cancel reaches it. */
export async function work(ms: number): Promise<void> {
  const context = Context.current();
  const beat = setInterval(() => {
    context.heartbeat();
  }, 200);
  try {
    await context.sleep(ms);
  } finally {
    clearInterval(beat);
  }
}
