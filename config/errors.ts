/** The error of a wrong configuration. */

/** One thing that is wrong. */
export interface ConfigProblem {
  /** Name of the environment variable. */
  readonly name: string;
  readonly expected: string;
  /** What was found; `undefined` when nothing was, or when it is a secret. */
  readonly got: string | undefined;
  /** What to do about it. */
  readonly remedy: string;
}

/** Everything that is wrong with the configuration at once; its message is for people and holds no secret. */
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
