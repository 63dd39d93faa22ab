/** What is wrong with an application, all of it at once. */
import { faultText, type FieldFault } from '../contracts/values/field-faults.ts';

/** One fault of an application, with what to do about it. */
export interface ApplicationFault extends FieldFault {
  readonly remedy: string;
}

/** An application that cannot be run as it is; nothing of it was registered. */
export class InvalidApplication extends Error {
  override readonly name = 'InvalidApplication';
  readonly faults: readonly ApplicationFault[];

  constructor(faults: readonly ApplicationFault[]) {
    super(
      faults.map((fault) => `${faultText(fault)}. ${fault.remedy}`).join('\n') ||
        'expected a fault for each invalid application, got none',
    );
    this.faults = faults;
  }
}
