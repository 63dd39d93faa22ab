import type { OnboardingResult } from '../../contracts/email/vocabulary.ts';
import type { OnboardUserInput } from '../../contracts/email/schema.ts';
import { tasks } from '../calls/tasks.ts';
import { group } from '../calls/composition.ts';

/**
 * Onboards a new user: a profile, then a welcome and, with a token, the request to verify the address. Each is a task
 * of its own that may run twice, so a failure repeats only what failed.
 * @throws ApplicationFailure with a type of the failure registry
 */
export async function onboardUser({ verificationToken, ...profile }: OnboardUserInput): Promise<OnboardingResult> {
  const { email: to, name } = profile;
  const { created } = await tasks.email.createUserProfile(profile);
  await group([
    tasks.email.sendWelcome({ to, ...(name === undefined ? {} : { name }) }),
    ...(verificationToken === undefined ? [] : [tasks.email.sendVerification({ to, token: verificationToken })]),
  ]);
  return { status: 'onboarded', user_id: profile.userId, created };
}
