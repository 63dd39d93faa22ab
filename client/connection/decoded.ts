/** What the server hands out as it stands there, such as histories: read back as a result would be. */
import type { Payload } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import { ExternalStorageRunner } from '@temporalio/common/lib/internal-non-workflow/external-storage-runner.js';
import type { Rpc } from './rpc.ts';

/** The values of payloads; large ones come from the blob store. @throws PerennialError `SealedValueUnreadable` */
export async function decoded({ client }: Rpc, payloads: Payload[]): Promise<readonly unknown[]> {
  const converter = client.options.loadedDataConverter;
  const { externalStorage } = converter;
  const whole =
    externalStorage === undefined ? payloads : await new ExternalStorageRunner(externalStorage).retrieve(payloads);
  return decodeArrayFromPayloads(converter, whole);
}
