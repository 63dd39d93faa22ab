/** Settings of payments. */
import { withoutEnd } from '../contracts/values/text.ts';
import { isHttpUrl, mapped, number, optional } from './entries.ts';

export const billing = {
  /** `undefined` when the local stack has a provider of its own. */
  secretKey: optional(
    'STRIPE_SECRET_KEY',
    'a secret or restricted key such as sk_live_…',
    (value) => /^[rs]k_(?:live|test)_\w{8,}$/.test(value),
    { doc: 'Key of the account at Stripe. Unset: the local stack has a provider that moves no money.', secret: true },
  ),
  webhookSecret: optional(
    'STRIPE_WEBHOOK_SECRET',
    'the secret of a webhook such as whsec_…',
    (value) => /^whsec_\w{8,}$/.test(value),
    { doc: 'Secret with which Stripe signs what it tells. Unset: nothing is heard.', secret: true },
  ),
  /** Without a slash at its end; `undefined` for Stripe itself. */
  apiUrl: mapped(
    optional('STRIPE_API_URL', 'an http or https URL', isHttpUrl, {
      doc: 'Address that takes the place of https://api.stripe.com, for a service that speaks the same HTTP.',
      defaultText: 'https://api.stripe.com',
    }),
    (url) => (url === undefined ? undefined : withoutEnd(url, /\//)),
  ),
  timeoutMs: number(
    'STRIPE_TIMEOUT_MS',
    30_000,
    { min: 100, max: 200_000 },
    { doc: 'Longest wait for an answer of Stripe.', unit: 'ms' },
  ),
};
