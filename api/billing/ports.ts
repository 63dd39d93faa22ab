/** The port that only the routes of billing use. */
import { createKeyRing, sealBytes } from '../../client/index.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { createEventInbox } from '../../services/billing/inbox.ts';
import type { EventInbox, Sealer } from '../../services/billing/port.ts';
import type { ApiRoot } from '../root.ts';
import type { ApiServices } from '../services.ts';

/** The port of billing. */
export interface BillingPorts {
  readonly billing: {
    readonly inbox: EventInbox;
    /** Signs what the provider tells; `undefined` when nothing is to be heard. */
    readonly webhookSecret: string | undefined;
  };
}

/** What the handlers of billing may use. */
export type BillingServices = ApiServices & BillingPorts;

/** Builds the port over the database. */
export function openBillingPorts({ database, config, sealKeys }: ApiRoot): BillingPorts {
  return {
    billing: {
      inbox: createEventInbox(database, sealerOf(sealKeys)),
      webhookSecret: config.billing.webhookSecret,
    },
  };
}

/** Without keys, nothing that names somebody may be kept. */
function sealerOf(sealKeys: string | undefined): Pick<Sealer, 'seal'> {
  if (sealKeys === undefined)
    return {
      seal: () => {
        throw new PerennialError('SealKeyMissing', 'SEAL_KEYS: expected the keys of the workers, got none');
      },
    };
  const keys = createKeyRing(sealKeys, 'SEAL_KEYS');
  return { seal: (plain, about) => sealBytes(keys, plain, about) };
}
