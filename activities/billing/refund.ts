import type { RefundInput, RefundOutput } from '../../contracts/billing/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import type { BillingFacts } from '../../services/billing/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import type { BillingPorts } from './ports.ts';

/** Gives back a charge, or a part of it. A second call with the same key refunds nothing and returns the same result. */
export async function refund(ports: BillingPorts, input: RefundInput, context: TaskContext): Promise<RefundOutput> {
  const { provider, records, money } = ports;
  const { customerId, chargeId, amount, currency, reason, refundKey = context.taskId } = input;
  const wanted = amount === undefined ? undefined : money.smallestUnits(amount, currency);
  const { value, repeated } = await context.once(
    `billing.refund/${refundKey}`,
    async ({ idempotencyKey: key }) => {
      // The provider forgets keys after a day, and the ledger after a month; the refund itself carries its key.
      const before = await provider.refundUnder(chargeId, key);
      if (before !== undefined) return kept(before.facts, before.asOf);
      const left = await leftOf(ports, input);
      const units = wanted ?? left;
      if (units === 0 || units > left) throw aboveCharge(money.decimalAmount(left, currency), currency);
      const { facts, asOf } = await provider.refund({ chargeId, amount: units, reason, key });
      return kept(facts, asOf);
    },
    { kind: 'billing.refund', content: { customerId, chargeId, amount: wanted ?? null, currency } },
  );
  await records.save([{ facts: { ...value.facts, customerId }, asOf: new Date(value.asOf) }]);
  const { id, status, amount: refunded } = value.facts;
  return { status, refund_id: id, amount: money.decimalAmount(refunded ?? 0, currency), currency, repeated };
}

/** As JSON, which the ledger keeps. */
function kept(facts: BillingFacts, asOf: Date): { readonly facts: BillingFacts; readonly asOf: string } {
  return { facts, asOf: asOf.toISOString() };
}

/** Returns what is left of a charge, in the smallest unit. @throws PerennialError when it is not what the request names */
async function leftOf(
  { provider }: Pick<BillingPorts, 'provider'>,
  { customerId, chargeId, currency }: RefundInput,
): Promise<number> {
  const charge = await provider.find('charge', chargeId);
  if (charge === undefined)
    throw new PerennialError(
      'BillingObjectMissing',
      'chargeId: expected a charge that the provider knows, got another id',
    );
  const { facts } = charge;
  if (facts.customerId !== customerId)
    throw new PerennialError('ForeignBillingObject', 'chargeId: expected a charge of the customer, got one of another');
  if (facts.currency !== currency)
    throw new PerennialError(
      'WrongCurrency',
      `currency: expected ${facts.currency ?? 'that of the charge'}, got ${currency}`,
    );
  return (facts.amount ?? 0) - (facts.settled ?? 0);
}

function aboveCharge(left: string, currency: string): PerennialError {
  return new PerennialError(
    'RefundAboveCharge',
    `amount: expected at most what is left of the charge, ${left} ${currency.toUpperCase()}, got more, or nothing is left`,
  );
}
