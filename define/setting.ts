import {
  choice,
  filePath,
  flag,
  folders,
  list,
  mapped,
  number,
  optional,
  port,
  required,
  text,
} from '../config/entries.ts';

/**
 * Environment variables of an application: each is checked when a process starts, and `perennial check` lists them.
 *
 * @example
 * ```ts
 * import { setting } from './define/index.ts';
 *
 * export const settings = {
 *   url: setting.required('SHOP_URL', { doc: 'Address of the shop.' }),
 *   key: setting.required('SHOP_KEY', { doc: 'Key of the shop.', secret: true }),
 *   retries: setting.number('SHOP_RETRIES', 3, { min: 0, max: 10 }, { doc: 'How often it is asked again.' }),
 * };
 * ```
 */
export const setting = { choice, filePath, flag, folders, list, mapped, number, optional, port, required, text };
