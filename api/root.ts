/** What the root of the API gives the domains, so that each of them builds its own ports. */
import type { PerennialClient } from '../client/index.ts';
import type { Config } from '../config/types.ts';
import type { Logger } from '../observability/logger.ts';
import type { BlobStore } from '../services/blobs/port.ts';
import type { Database } from '../services/database/pool.ts';

/** What the ports of a domain are built from. */
export interface ApiRoot {
  readonly config: Config;
  readonly logger: Logger;
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly client: PerennialClient;
  /** Keys of sealed values; `undefined` where nobody has given any. */
  readonly sealKeys: string | undefined;
  /** Registers what a port must release when the process stops; it is called after the last request. */
  onClose(close: () => Promise<void>): void;
}
