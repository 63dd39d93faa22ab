/** What an SQLSTATE of PostgreSQL means. */
import type { FailureType } from '../../failures.ts';

/** States that differ from their class. */
const STATES: Readonly<Record<string, FailureType>> = {
  '25006': 'DatabaseUnavailable', // read-only while another server takes over
  '25P03': 'DatabaseUnavailable', // the transaction was idle for too long
  '42501': 'DatabaseRefused', // lacks a right
  '42704': 'DatabaseRefused', // an object is missing: the schema is older or newer than the code
  '42703': 'DatabaseRefused', // a column
  '42883': 'DatabaseRefused', // a function
  '42P01': 'DatabaseRefused', // a table
  '53100': 'StorageFull',
  '55000': 'DatabaseRejected', // not in the state that the statement expects
};

/** Classes of states by their first two characters (appendix A of PostgreSQL's manual). */
const CLASSES: Readonly<Record<string, FailureType>> = {
  '08': 'DatabaseUnavailable', // connection
  '09': 'DatabaseRejected',
  '0A': 'DatabaseRejected',
  '0B': 'DatabaseRejected',
  '0F': 'DatabaseRejected',
  '0L': 'DatabaseRejected',
  '0P': 'DatabaseRejected',
  '0Z': 'DatabaseRejected',
  '10': 'DatabaseRejected',
  '20': 'DatabaseRejected',
  '21': 'DatabaseRejected',
  '22': 'DatabaseRejected', // data
  '23': 'DatabaseRejected', // constraints
  '24': 'DatabaseRejected',
  '25': 'DatabaseRejected',
  '26': 'DatabaseRejected',
  '27': 'DatabaseRejected',
  '28': 'DatabaseRefused', // login
  '2B': 'DatabaseRejected',
  '2D': 'DatabaseRejected',
  '2F': 'DatabaseRejected',
  '34': 'DatabaseRejected',
  '38': 'DatabaseRejected',
  '39': 'DatabaseRejected',
  '3B': 'DatabaseRejected',
  '3D': 'DatabaseRefused', // no such database
  '3F': 'DatabaseRefused', // no such schema
  '40': 'DatabaseUnavailable', // rolled back: serialisation, deadlock
  '42': 'DatabaseRejected', // statement
  '44': 'DatabaseRejected',
  '53': 'DatabaseUnavailable', // connections, memory
  '54': 'DatabaseRejected',
  '55': 'DatabaseUnavailable', // locked or in use
  '57': 'DatabaseUnavailable', // ended by an operator
  '58': 'DatabaseUnavailable', // its machine
  '72': 'DatabaseUnavailable',
  F0: 'DatabaseRefused', // its configuration
  HV: 'DatabaseUnavailable', // a foreign server
  P0: 'DatabaseRejected', // raised by a function
};

/** Five characters with a digit, which codes of systems such as `EPIPE` have not. */
const SQLSTATE = /^(?=.*\d)[\dA-Z]{5}$/;

/** Returns the failure that a state means; `undefined` for what is no state or has no meaning, as an internal error. */
export function sqlStateFailureType(code: string): FailureType | undefined {
  return SQLSTATE.test(code) ? (STATES[code] ?? CLASSES[code.slice(0, 2)]) : undefined;
}
