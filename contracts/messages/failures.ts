/** Failures of text messages. What the provider answers by number is told apart in `failures/foreign/twilio.ts`. */
import type { FailureRule } from '../failures/rule.ts';

export const messageFailures = {
  InvalidPhoneNumber: {
    class: 'permanent',
    cause: 'The recipient is not a number that takes text messages.',
    remedy: 'Correct the number; expected the international form, such as +4915112345678.',
  },
  EmergencyNumber: {
    class: 'permanent',
    cause: 'The recipient is an emergency number or another number of a public service.',
    remedy: 'Correct the number: nobody reads text messages there, and lines for emergencies must stay free.',
  },
  LandlineNumber: {
    class: 'permanent',
    cause: 'The recipient is the number of a landline, which takes no text messages.',
    remedy: 'Use the number of a mobile phone, or another channel.',
  },
  MessageTooLong: {
    class: 'permanent',
    cause: 'The text of a message is longer than 1,600 characters.',
    remedy: 'Shorten it, or send a link. An emoji counts as two characters or more.',
  },
  RecipientOptedOut: {
    class: 'permanent',
    cause: 'The recipient has answered STOP, or a word like it, and gets no messages.',
    remedy: 'Nothing: it is the wish of the recipient, who may answer START to get messages again.',
  },
  UserMissing: {
    class: 'permanent',
    httpStatus: 404,
    cause: 'There is no user with the id that a message is for.',
    remedy: 'Correct the id, or make a profile of the user first.',
  },
  NoChannel: {
    class: 'permanent',
    cause: 'The user has no way to get the message: no phone that wants texts, and no e-mail address.',
    remedy: 'Ask the user for a number and for consent, or for an e-mail address.',
  },
  QuietHours: {
    class: 'throttled',
    cause: 'The user wants no calls at this hour, and has no other channel.',
    remedy: 'Sent by itself when the quiet hours are over.',
  },
  MessagingNotConfigured: {
    class: 'configuration',
    cause: 'There is no provider to hand text messages to.',
    remedy:
      'Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and MESSAGES_FROM, or start the local stack, which keeps messages in its inbox.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
