/** Builds the adapters and activities of text messages. */
import { createMessageActivities } from '../../activities/messages/index.ts';
import { parseNumber } from '../../services/messages/numbers.ts';
import { createTexter } from '../../services/messages/texter.ts';
import { createTwilio } from '../../services/messages/twilio.ts';
import type { Domain, DomainContext } from './domain.ts';

/** Builds the domain of text messages with its real adapters. */
export function createMessagesDomain({ config, database, shell }: DomainContext): Domain {
  const { segmentCost, ...account } = config.messages;
  const provider = createTwilio({ ...account, callbackUrl: undefined });
  return {
    activities: createMessageActivities(
      { texter: createTexter({ database, provider, segmentCost }), parseNumber },
      shell,
    ),
  };
}
