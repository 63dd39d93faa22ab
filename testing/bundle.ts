/** The workflows of an application as a worker runs them, bundled once for each folder in a process. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OpenApplication } from '../application/open.ts';

const bundles = new Map<string, Promise<string>>();

/** Bundles the workflows of the application of a folder. @throws InvalidApplication */
export function bundleOf(folder: string, application: OpenApplication): Promise<string> {
  const bundled = bundles.get(folder) ?? bundle(application);
  bundles.set(folder, bundled);
  return bundled;
}

async function bundle(application: OpenApplication): Promise<string> {
  // Tests that run no workflow do not pay for the bundler.
  const { bundleApplication } = await import('../workers/application.ts');
  const folder = await mkdtemp(path.join(tmpdir(), 'perennial-bundle-'));
  try {
    return await bundleApplication(application, { bundleFile: undefined, folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
