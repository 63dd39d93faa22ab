/** The ledger of effects that tasks have once for each key: in PostgreSQL, and readable with the keys alone. */
import { PerennialError } from '../contracts/failures.ts';
import type { KeyRing } from '../payloads/key-ring.ts';
import { openBytes, sealBytes } from '../payloads/sealed-bytes.ts';
import type { Claim, KeptAnswers } from '../services/answers/port.ts';

/** Seals what is kept, for its name alone. */
export function sealedAnswers(answers: KeptAnswers, keys: KeyRing): KeptAnswers {
  return {
    ...answers,
    claim: async (hold, fingerprint, holdMs) => opened(await answers.claim(hold, fingerprint, holdMs), hold.name, keys),
    keep: (hold, answer) => answers.keep(hold, sealBytes(keys, answer, hold.name)),
  };
}

function opened(claim: Claim, name: string, keys: KeyRing): Claim {
  if (claim.kind !== 'answered') return claim;
  const found = openBytes(keys, claim.answer, name);
  if ('plain' in found) return { kind: 'answered', answer: found.plain };
  throw new PerennialError(
    'SealedValueUnreadable',
    `once: expected a result sealed with a key of this worker (${keys.ids.join(', ')}), got one of the key ${found.keyId}; ` +
      'add that key to SEAL_KEYS, behind the first',
  );
}
