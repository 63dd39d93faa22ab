/** Builds the adapters and activities of billing. */
import { createBillingActivities } from '../../activities/billing/index.ts';
import { exitWithout } from '../../config/load.ts';
import { configTable } from '../../config/table.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { createKeyRing, type KeyRing } from '../../payloads/key-ring.ts';
import { openBytes } from '../../payloads/sealed-bytes.ts';
import type { Sealer } from '../../services/billing/port.ts';
import { decimalAmount, smallestUnits } from '../../services/billing/money.ts';
import { createEventProcessor } from '../../services/billing/processor.ts';
import { createReconciler } from '../../services/billing/reconciler.ts';
import { createBillingRecords } from '../../services/billing/records.ts';
import { createStripe } from '../../services/billing/stripe.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createReportRenderer } from '../../services/reports/renderer.ts';
import type { Domain, DomainContext } from './domain.ts';
import { mailerOf } from './mailer.ts';

/** Builds the domain of payments with its real adapters. */
export function createBillingDomain({ config, database, shell }: DomainContext): Domain {
  const blobs = createBlobStore(config.blobs.url);
  const mailer = mailerOf({ config, database }, blobs);
  const drawer = createReportRenderer();
  const keys = createKeyRing(config.sealing.keys ?? exitWithout(configTable.sealing.keys), 'SEAL_KEYS');
  const provider = createStripe(config.billing);
  const ports = {
    provider,
    records: createBillingRecords(database),
    processor: createEventProcessor({ database, provider, sealer: eventOpener(keys) }),
    reconciler: createReconciler({ database, provider }),
    drawer,
    money: { smallestUnits, decimalAmount },
    mailer,
    blobs,
    now: () => new Date(),
  };
  return {
    activities: createBillingActivities(ports, shell),
    close: async () => {
      await Promise.all([mailer.close(), drawer.close()]);
    },
  };
}

/** Opens events that the API has kept. */
export function eventOpener(keys: KeyRing): Pick<Sealer, 'open'> {
  return {
    open: (sealed, about) => {
      const found = openBytes(keys, sealed, about);
      if ('plain' in found) return found.plain;
      throw new PerennialError(
        'SealedValueUnreadable',
        `expected an event sealed with a key of this worker (${keys.ids.join(', ')}), got one of the key ${found.keyId}; ` +
          'add that key to SEAL_KEYS, behind the first',
      );
    },
  };
}
