/** Settings of what is kept from readers of histories. */
import { KEY_LIST_EXPECTED, readKeyList } from '../../contracts/values/sealed.ts';
import { isOrigin, optional } from '../entries.ts';

const isKeyList = (value: string): boolean => readKeyList(value) !== undefined;

export const sealing = {
  keys: optional('SEAL_KEYS', KEY_LIST_EXPECTED, isKeyList, {
    doc: 'Keys that seal tokens, messages and addresses in histories: the first one seals, each of them opens. One key: `openssl rand -base64 32`. Required in production; the local stack makes one.',
    secret: true,
  }),
  payloadKeys: optional('PAYLOAD_KEYS', KEY_LIST_EXPECTED, isKeyList, {
    doc: 'Keys of the same form that encrypt everything in histories. Unset: all but sealed values is readable.',
    secret: true,
  }),
  codecOrigin: optional('CODEC_ORIGIN', 'an http:// or https:// origin', isOrigin, {
    doc: 'Origin of the Web UI that may ask the API for plain text, for example `https://temporal.example.com`.',
  }),
};
