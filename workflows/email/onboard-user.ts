import type { OnboardingResult } from '../../contracts/email/vocabulary.ts';
import type { OnboardUserInput } from '../../contracts/email/schema.ts';
import { tasks } from '../calls/tasks.ts';
import { group } from '../calls/composition.ts';
import { toWorkflowFailure } from '../failures.ts';

/**
 * Takes a new user in, composed of small tasks (EMAIL-5, BP-1): a profile, then
 * a welcome and, with a token, the request to verify the address. Each task
 * does one thing and may run twice.
 *
 * @throws ApplicationFailure with a type of the failure registry
 */
export async function onboardUser({ verificationToken, ...profile }: OnboardUserInput): Promise<OnboardingResult> {
  const { email: to, name } = profile;
  try {
    const { created } = await tasks.email.createUserProfile(profile);
    await group([
      tasks.email.sendWelcome({ to, ...(name === undefined ? {} : { name }) }),
      ...(verificationToken === undefined ? [] : [tasks.email.sendVerification({ to, token: verificationToken })]),
    ]);
    return { status: 'onboarded', user_id: profile.userId, created };
  } catch (error) {
    throw toWorkflowFailure(error);
  }
}
