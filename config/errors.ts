/** The error of a wrong configuration. */

/** One fault of the configuration. */
export interface ConfigProblem {
  /** Name of the environment variable. */
  readonly name: string;
  readonly expected: string;
  /** Value that was found; `undefined` for an unset variable or a secret. */
  readonly got: string | undefined;
  /** What to do. */
  readonly remedy: string;
}

/** All faults of the configuration; the message is for people and holds no secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(['The configuration is not usable:', ...problems.map(describe)].join('\n'));
    this.problems = problems;
  }
}

function describe({ name, expected, got, remedy }: ConfigProblem): string {
  const found = got === undefined ? '' : `, got '${got.slice(0, 200)}'`;
  return `  ${name}: expected ${expected}${found}. ${remedy}`;
}
