/** The package behind `npm create`: npm looks for it under the name of the product with `create-` before it. */
import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PACKAGE } from './entries.ts';
import { readManifest } from './manifest.ts';

/** Its name in the registry. */
export const CREATE_PACKAGE = PACKAGE.replace('/', '/create-');

const PROGRAM = 'create-perennial.mjs';

/**
 * Builds the package in a folder, which is emptied before.
 *
 * @param root - folder of the repository
 */
export async function buildCreatePackage(root: string, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await mkdir(path.join(target, 'bin'), { recursive: true });
  const program = path.join(target, 'bin', PROGRAM);
  await cp(path.join(import.meta.dirname, PROGRAM), program);
  await chmod(program, 0o755);
  await cp(path.join(root, 'LICENSE'), path.join(target, 'LICENSE'));
  await writeFile(path.join(target, 'README.md'), README);
  await writeFile(path.join(target, 'package.json'), `${JSON.stringify(createManifest(root), undefined, 2)}\n`);
}

const README = `# Make an application of Perennial

\`\`\`sh
npm create ${PACKAGE} my-application
cd my-application
npm install
npx perennial dev
\`\`\`

Without a name it is made in the current folder; what is there stays as it is.
`;

function createManifest(root: string): object {
  const { version, license, engines } = readManifest(root);
  return {
    name: CREATE_PACKAGE,
    version,
    description:
      'Makes an application of Perennial: tasks, a chord, a workflow, a schedule, and the image that runs them.',
    license,
    type: 'module',
    engines,
    files: ['bin'],
    bin: { 'create-perennial': `bin/${PROGRAM}` },
    // What it writes belongs to one version.
    dependencies: { [PACKAGE]: version },
    publishConfig: { access: 'public' },
  };
}
