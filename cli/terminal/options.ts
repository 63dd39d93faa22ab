/** Options that mean the same wherever a command has them. */
import { Option } from 'commander';
import { ON_FAILURE } from '../../contracts/parked/vocabulary.ts';
import { number } from './numbers.ts';
import { DEFAULT_FORM, OUTPUT_FORMS, type OutputForm } from './form.ts';

/** `-o`, the form of what is printed. */
export function outputForm(): Option {
  return new Option('-o, --output <form>', 'form of what is printed; jsonl is one row on each line')
    .choices(OUTPUT_FORMS)
    .default(DEFAULT_FORM);
}

/** `--json`, the short form of `-o json`. */
export function jsonFlag(): Option {
  return new Option('--json', 'the same as -o json').implies({ output: 'json' satisfies OutputForm });
}

/** `--wait`. */
export function waitFlag(): Option {
  return new Option('--wait', 'wait for the end and show it; the exit code says how it ended');
}

/** `--follow`. */
export function followFlag(): Option {
  return new Option('--follow', 'show the progress and wait for the end');
}

/** `--on-failure`. */
export function onFailureOption(): Option {
  return new Option('--on-failure <what>', 'park: what has failed for good waits for a person').choices(ON_FAILURE);
}

/** `--parked-for`. */
export function parkedForOption(): Option {
  return new Option('--parked-for <seconds>', 'how long it waits then; default 7 days').argParser(number);
}

/** `--reason`, which is kept where the next person finds it. */
export function reasonOption(): Option {
  return new Option('--reason <text>', 'why; kept by the server for the next person');
}
