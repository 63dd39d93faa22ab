/** The plug-ins that come with the product. */
import { definePlugin, type Plugin } from './plugin.ts';

function builtIn(name: string, requires: readonly string[] = []): Plugin {
  return { ...definePlugin({ name, requires }), domain: name };
}

/**
 * Language models and embeddings, over OpenAI or whatever speaks its HTTP.
 *
 * @example
 * ```ts
 * import { ai, defineConfig } from './define/index.ts';
 *
 * export default defineConfig({ plugins: [ai()] });
 * ```
 */
export function ai(): Plugin {
  return builtIn('ai');
}

/**
 * Payments, over Stripe: webhooks, subscriptions, invoices by mail and refunds.
 *
 * @example
 * ```ts
 * import { billing, defineConfig, email } from './define/index.ts';
 *
 * export default defineConfig({ plugins: [billing(), email()] });
 * ```
 */
export function billing(): Plugin {
  return builtIn('billing', ['email']);
}

/**
 * Uploaded tables: profiles of their columns, and what can be mended in them.
 *
 * @example
 * ```ts
 * import { data, defineConfig } from './define/index.ts';
 *
 * export default defineConfig({ plugins: [data()] });
 * ```
 */
export function data(): Plugin {
  return builtIn('data');
}

/**
 * Documents: recognition of scans and PDF files, batches, searchable copies, invoices.
 *
 * @example
 * ```ts
 * import { defineConfig, documents, email } from './define/index.ts';
 *
 * export default defineConfig({ plugins: [documents(), email()] });
 * ```
 */
export function documents(): Plugin {
  return builtIn('documents');
}

/**
 * E-mail: single messages, mailings, digests and reminders.
 *
 * @example
 * ```ts
 * import { defineConfig, email } from './define/index.ts';
 *
 * export default defineConfig({ plugins: [email()] });
 * ```
 */
export function email(): Plugin {
  return builtIn('email');
}

/**
 * Imports of tables, JSON and lists of documents, which the documents plug-in reads.
 *
 * @example
 * ```ts
 * import { defineConfig, documents, imports } from './define/index.ts';
 *
 * export default defineConfig({ plugins: [documents(), imports()] });
 * ```
 */
export function imports(): Plugin {
  return builtIn('imports', ['documents']);
}

/**
 * Media: variants of pictures for the web.
 *
 * @example
 * ```ts
 * import { defineConfig, media } from './define/index.ts';
 *
 * export default defineConfig({ plugins: [media()] });
 * ```
 */
export function media(): Plugin {
  return builtIn('media');
}

/**
 * Text messages to phones, over Twilio.
 *
 * @example
 * ```ts
 * import { defineConfig, messages } from './define/index.ts';
 *
 * export default defineConfig({ plugins: [messages()] });
 * ```
 */
export function messages(): Plugin {
  return builtIn('messages');
}

/**
 * Reports as PDF, XLSX, CSV and JSON, which the e-mail plug-in sends.
 *
 * @example
 * ```ts
 * import { defineConfig, email, reports } from './define/index.ts';
 *
 * export default defineConfig({ plugins: [email(), reports()] });
 * ```
 */
export function reports(): Plugin {
  return builtIn('reports', ['email']);
}
