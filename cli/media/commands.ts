import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import type { MediaFile } from '../../contracts/media/schema.ts';
import type { AnimationChoice, MetadataChoice } from '../../contracts/media/vocabulary.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { askApi, writeDownload } from '../terminal/api-files.ts';
import { type CliContext, starting, UsageError, withServices } from '../terminal/context.ts';
import { print, printJson, printTable } from '../terminal/output.ts';

/** Options of `perennial media variants`. */
export interface VariantsOptions {
  readonly key?: string;
  readonly tenant?: string;
  readonly variants?: string;
  readonly formats?: string;
  readonly metadata?: MetadataChoice;
  readonly animation?: AnimationChoice;
  readonly wait?: boolean;
  readonly json?: boolean;
}

const jobSchema = z.object({ media_key: z.string(), task_id: z.string() });

/** `perennial media variants`: uploads a picture and has its variants made. */
export async function makeVariants(context: CliContext, file: string, options: VariantsOptions): Promise<number> {
  const { wait, json: asJson, key = randomUUID(), tenant } = options;
  const source = path.resolve(context.cwd, file);
  const blob = await openAsBlob(source).catch(() => {
    throw new UsageError(`Expected a file that can be read, got '${file}'.`);
  });
  return withServices(context, async (services) => {
    const form = new FormData();
    form.set('file', blob, path.basename(source));
    const wishes = queryOf({ ...wishesOf(options), key, tenant });
    const answer = await starting(askApi(services, `/v1/media${wishes}`, { signal: context.signal, form }));
    const started = jobSchema.parse(await json(answer.body));
    if (wait === true) {
      const { files } = await services.client.media.get(key, { tenant }).result({ signal: context.signal });
      if (asJson === true) printJson(context, { ...started, files });
      else printFiles(context, files);
    } else if (asJson === true) printJson(context, started);
    else print(context, `Started ${started.task_id}\nSee what became of it with: perennial media status ${key}`);
    return exitCodes.ok;
  });
}

function wishesOf({
  variants,
  formats,
  metadata,
  animation,
}: VariantsOptions): Readonly<Record<string, string | undefined>> {
  return { variants, formats, metadata, animation };
}

/** The query of an address, without what nobody has said. */
function queryOf(fields: Readonly<Record<string, string | undefined>>): string {
  const said = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]],
  );
  return said.length === 0 ? '' : `?${new URLSearchParams(said).toString()}`;
}

type ShownFile = Pick<MediaFile, 'name' | 'width' | 'height'> & {
  readonly size?: number;
  readonly file?: { readonly size: number };
};

function printFiles(context: CliContext, files: readonly ShownFile[]): void {
  const rows = files.map(({ name, width, height, size, file }) => [
    name,
    `${String(width)} x ${String(height)}`,
    String(size ?? file?.size ?? ''),
  ]);
  printTable(context, ['file', 'pixels', 'bytes'], rows);
}

/** Options of `perennial media status`. */
export interface StatusOptions {
  readonly tenant?: string;
  readonly json?: boolean;
}

const mediaViewSchema = z.looseObject({
  status: z.string(),
  files: z.array(z.object({ name: z.string(), width: z.number(), height: z.number(), size: z.number() })),
  failure: z.looseObject({ type: z.string(), message: z.string() }).optional(),
});

/** `perennial media status`: where a picture stands, and what was made of it. */
export async function showStatus(context: CliContext, key: string, options: StatusOptions): Promise<number> {
  return withServices(context, async (services) => {
    const address = `/v1/media/${encodeURIComponent(key)}${queryOf({ tenant: options.tenant })}`;
    const { body } = await askApi(services, address, { signal: context.signal });
    const view = mediaViewSchema.parse(await json(body));
    if (options.json === true) printJson(context, view);
    else {
      print(context, `${key} is ${view.status}`);
      if (view.failure !== undefined) print(context, `${view.failure.type}: ${view.failure.message}`);
      printFiles(context, view.files);
    }
    return view.status === 'failed' ? exitCodes.failed : exitCodes.ok;
  });
}

/** Options of `perennial media get`. */
export interface GetOptions {
  readonly tenant?: string;
  readonly file?: string;
}

/** `perennial media get`: writes one file of a picture to a file or to standard output. */
export async function getFile(context: CliContext, key: string, name: string, options: GetOptions): Promise<number> {
  if (options.file === undefined && context.stdout.isTTY)
    throw new UsageError('A picture is no text for a terminal: name a file with --file FILE.');
  return withServices(context, async (services) => {
    const address = `/v1/media/${encodeURIComponent(key)}/files/${encodeURIComponent(name)}`;
    const { body } = await askApi(services, address + queryOf({ tenant: options.tenant }), { signal: context.signal });
    await writeDownload(context, body, options.file);
    return exitCodes.ok;
  });
}
