/** What the provider of the inbox refuses, by the numbers that Twilio has for its own tests. */

/** An answer that is an error. */
export interface TextRefusal {
  /** Status of HTTP. */
  readonly status: number;
  /** Number of the error. */
  readonly code: number;
  readonly message: string;
  /** Seconds after which the sender may come back. */
  readonly retryAfterS?: number;
}

const refusal = (code: number, message: string): TextRefusal => ({ status: 400, code, message });

/** Recipients that are refused. */
const TO: Readonly<Record<string, TextRefusal>> = {
  '+15005550001': refusal(21211, "The 'To' number is not a valid phone number."),
  '+15005550002': refusal(21612, "The 'To' number cannot be reached from the 'From' number."),
  '+15005550003': refusal(21408, 'Permission to send to the region of the number has not been enabled.'),
  '+15005550004': refusal(21610, 'Attempt to send to an unsubscribed recipient.'),
  '+15005550009': refusal(21614, "The 'To' number is not a mobile number."),
};

/** Senders that are refused. */
const FROM: Readonly<Record<string, TextRefusal>> = {
  '+15005550001': refusal(21212, "The 'From' number is not a valid phone number."),
  '+15005550007': refusal(21606, "The 'From' number does not belong to the account."),
  '+15005550008': { ...refusal(21611, "The queue of the 'From' number is full."), status: 429 },
};

/** Recipients whose phones never get what was taken, with the number of the error that is told about them. */
export const NEVER_DELIVERED: Readonly<Record<string, number>> = {
  '+15005550010': 30003, // the phone is off
  '+15005550011': 30005, // nobody has the number
  '+15005550012': 30007, // the network takes it for spam
};

const LONGEST = 1_600;

/** What a form must have, in the order in which Twilio looks. */
const CHECKS: readonly (readonly [isWrong: (form: Form) => boolean, refusal: TextRefusal])[] = [
  [({ to }) => to === '', refusal(21604, "A 'To' phone number is required.")],
  [({ from }) => from === '', refusal(21603, "A 'From' number or a messaging service is required.")],
  [({ body }) => body === '', refusal(21602, 'Message body is required.')],
  [({ body }) => body.length > LONGEST, refusal(21617, 'The message body exceeds the limit of 1600 characters.')],
  [({ to }) => !/^\+[1-9]\d{6,14}$/.test(to), refusal(21211, "The 'To' number is not a valid phone number.")],
];

interface Form {
  readonly to: string;
  /** A number, a name, or the id of a messaging service. */
  readonly from: string;
  readonly body: string;
}

/** Returns why a message is refused; `undefined` for one that is taken. */
export function refusalOf(form: Form): TextRefusal | undefined {
  return CHECKS.find(([isWrong]) => isWrong(form))?.[1] ?? TO[form.to] ?? FROM[form.from];
}
