/** The ledger of effects that tasks have once for each key: in PostgreSQL, and readable with the keys alone. */
import { PerennialError } from '../contracts/failures.ts';
import type { KeyRing } from '../payloads/key-ring.ts';
import type { Claim, KeptAnswers } from '../services/answers/port.ts';

/** Stands between the id of the key and what it has sealed; no id holds it. */
const END_OF_ID = ':'.charCodeAt(0);

/** Seals what is kept, for its name alone. */
export function sealedAnswers(answers: KeptAnswers, keys: KeyRing): KeptAnswers {
  return {
    ...answers,
    claim: async (hold, fingerprint, holdMs) => opened(await answers.claim(hold, fingerprint, holdMs), hold.name, keys),
    keep: (hold, answer) =>
      answers.keep(hold, Buffer.concat([Buffer.from(`${keys.keyId}:`), keys.seal(answer, hold.name)])),
  };
}

function opened(claim: Claim, name: string, keys: KeyRing): Claim {
  if (claim.kind !== 'answered') return claim;
  const end = claim.answer.indexOf(END_OF_ID);
  const keyId = claim.answer.subarray(0, end).toString();
  const answer = keys.open(keyId, claim.answer.subarray(end + 1), name);
  if (answer !== undefined) return { kind: 'answered', answer };
  throw new PerennialError(
    'SealedValueUnreadable',
    `once: expected a result sealed with a key of this worker (${keys.ids.join(', ')}), got one of the key ${keyId}; ` +
      'add that key to SEAL_KEYS, behind the first',
  );
}
