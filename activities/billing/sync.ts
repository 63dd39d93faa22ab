import type { SyncSubscriptionInput, SyncSubscriptionOutput } from '../../contracts/billing/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { BillingPorts } from './ports.ts';

/** Copies how the subscriptions of a user stand now. */
export async function syncSubscriptionStatus(
  { provider, records }: BillingPorts,
  { userId, customerId: given }: SyncSubscriptionInput,
): Promise<SyncSubscriptionOutput> {
  const customerId = await customerOf(records, userId, given);
  await records.save(await provider.subscriptionsOf(customerId));
  const { status, until } = await records.subscriptionOf(userId);
  return {
    status: 'synced',
    user_id: userId,
    subscription_status: status,
    subscription_until: until?.toISOString() ?? null,
  };
}

async function customerOf(
  records: BillingPorts['records'],
  userId: string,
  given: string | undefined,
): Promise<string> {
  const user = await records.customerOf(userId);
  if (user === undefined)
    throw new PerennialError('UserMissing', 'userId: expected the id of a user, got one that nobody has');
  const customerId = given ?? user.customerId;
  if (customerId === null)
    throw new PerennialError(
      'BillingCustomerMissing',
      'customerId: expected the customer of the user, which nobody has said yet, got nothing',
    );
  if (given !== undefined && !(await records.link(userId, given)))
    throw new PerennialError(
      'ForeignBillingObject',
      'customerId: expected the customer of the user, got one of another user, or a second one',
    );
  return customerId;
}
