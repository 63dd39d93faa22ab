/** Builds the adapters and activities of text messages. */
import { createMessageActivities } from '../../activities/messages/index.ts';
import { createQueueMonitor } from '../../activities/housekeeping/queue-monitor.ts';
import type { MessagePorts } from '../../activities/messages/ports.ts';
import { createBlobStore } from '../../services/blobs/open.ts';
import { createDigestSource } from '../../services/email/digest.ts';
import { createContacts } from '../../services/messages/contacts.ts';
import { createEngagementStore } from '../../services/messages/engagement.ts';
import { createPersonEraser } from '../../services/messages/erasing.ts';
import { createMessageNews, statusCallbackOf } from '../../services/messages/news.ts';
import { parseNumber } from '../../services/messages/numbers.ts';
import { createOrchestrator } from '../../services/messages/orchestrator.ts';
import { createTexter } from '../../services/messages/texter.ts';
import { createUnsettled } from '../../services/messages/unsettled.ts';
import { createTwilio } from '../../services/messages/twilio.ts';
import type { Domain, DomainContext } from './domain.ts';
import { mailerOf } from './mailer.ts';

/** Builds the domain of text messages with its real adapters. */
export function createMessagesDomain({ config, database, shell }: DomainContext): Domain {
  const { segmentCost, stopWords, ...account } = config.messages;
  const callbackUrl = statusCallbackOf(config.email.publicUrl, account.apiUrl);
  const provider = createTwilio({ ...account, callbackUrl });
  const texter = createTexter({ database, provider, segmentCost });
  const mailer = mailerOf({ config, database }, createBlobStore(config.blobs.url));
  const contacts = createContacts(database);
  const hasProvider = account.accountSid !== undefined || config.email.smtpUrl !== undefined;
  const now = (): Date => new Date();
  const ports: MessagePorts = {
    texter,
    contacts,
    unsettled: createUnsettled({ database, provider, news: createMessageNews(database, stopWords) }),
    engagement: createEngagementStore(database),
    eraser: createPersonEraser(database),
    queues: createQueueMonitor(),
    orchestrator: hasProvider ? createOrchestrator({ texter, mailer, contacts, now }) : undefined,
    parseNumber,
    digests: createDigestSource(database),
    retryDelayScale: config.worker.retryDelayScale,
    now,
  };
  return {
    activities: createMessageActivities(ports, shell),
    close: () => mailer.close(),
  };
}
