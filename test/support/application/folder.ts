/** An application in a folder of its own, whose modules import those of this repository. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectDir } from '../../../config/project.ts';

const DEFINE = JSON.stringify(path.join(projectDir, 'define/index.ts'));

/** First lines of a module with tasks and schedules. */
export const HEAD = `import { z } from 'zod';\nimport { defineCanvas, defineFailures, definePort, defineRoute, defineTask, defineSchedule, setting } from ${DEFINE};\n`;

/** First line of a configuration. */
export const CONFIG = `import { defineConfig, definePlugin, documents, email, imports, reports } from ${DEFINE};\n`;

/** A task as a module writes it. */
export function taskText(name: string, row = '', exported = 'one'): string {
  return `export const ${exported} = defineTask({ name: '${name}', input: z.string(), output: z.string(), ${row} }, (text) => text);\n`;
}

/** A canvas of one call as a module writes it. */
export function canvasText(name: string, input = 'z.string()'): string {
  return `export const both = defineCanvas({ name: '${name}', input: ${input}, build: (text) => ({ task: 'text.one', args: [text] }) });\n`;
}

/** A folder of an application. */
export interface ApplicationFolder {
  readonly path: string;
  readonly write: (contents: Readonly<Record<string, string>>) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Makes an empty folder in which the packages of this repository are installed. */
export async function applicationFolder(): Promise<ApplicationFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), 'application-'));
  await symlink(path.join(projectDir, 'node_modules'), path.join(folder, 'node_modules'));
  return {
    path: folder,
    write: async (contents) => {
      for (const [name, content] of Object.entries(contents)) {
        await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
        await writeFile(path.join(folder, name), content);
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
