// House rules of style.md as lint errors. Types are read from tsconfig.json, so
// that a forgotten `await` or a union that misses a case is found in the editor.
import jsdoc from 'eslint-plugin-jsdoc';
import tseslint from 'typescript-eslint';

const TYPESCRIPT = ['**/*.ts'];
const TESTS = ['test/**/*.ts'];

/** Size limits (practice 6). Comments and blank lines are free, so that nobody saves on them. */
const sizeRules = {
  'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true, IIFEs: true }],
  'max-depth': ['error', 3],
  // `modified`: a switch counts once, whatever its number of cases.
  complexity: ['error', { max: 10, variant: 'modified' }],
};

const typeRules = {
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/explicit-module-boundary-types': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  // Numbers in messages are what messages are for; objects and `undefined` stay forbidden.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  // `() => stop()` where a handler wants void is the shortest honest spelling.
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
  ],
  // The typed SDKs (node:test, Express handlers, process events) hand over promises on purpose.
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
  // A call of a task is lazy: one that nobody awaits never begins.
  '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
  // Takes the promise of a vendor's factory (`await Library.init()`) for a forged instance.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  // A type-only import must vanish: `import { type A }` alone would still load the module.
  '@typescript-eslint/no-import-type-side-effects': 'error',
  // Contradicts `noPropertyAccessFromIndexSignature` of tsconfig.
  '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
};

const documented = (...contexts) => [
  'error',
  {
    publicOnly: true,
    enableFixer: false,
    require: { FunctionDeclaration: true, ClassDeclaration: true },
    contexts: [
      'ExportNamedDeclaration > VariableDeclaration:has(> VariableDeclarator > ArrowFunctionExpression)',
      ...contexts,
    ],
  },
];

const docRules = {
  'jsdoc/require-jsdoc': documented(
    'ExportNamedDeclaration > TSInterfaceDeclaration',
    'ExportNamedDeclaration > TSTypeAliasDeclaration',
  ),
  // Not for properties: there a lone `@defaultValue` may say it all.
  'jsdoc/require-description': [
    'error',
    {
      contexts: ['FunctionDeclaration', 'ClassDeclaration', 'TSInterfaceDeclaration', 'TSTypeAliasDeclaration'],
      descriptionStyle: 'body',
    },
  ],
  'jsdoc/no-types': 'error',
  'jsdoc/check-param-names': ['error', { disableMissingParamChecks: true }],
  'jsdoc/check-tag-names': ['error', { definedTags: ['defaultValue', 'remarks', 'typeParam', 'limits'] }],
  'jsdoc/check-alignment': 'error',
  'jsdoc/empty-tags': 'error',
};

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: a default export has a different name in every file that imports it.',
};

const STATE = 'Workflows of a process share their modules: what a module keeps, one workflow leaves for the next.';
const noModuleState = [
  "Program > VariableDeclaration[kind='let']",
  "Program > ExportNamedDeclaration > VariableDeclaration[kind='let']",
  'Program > VariableDeclaration > VariableDeclarator > NewExpression[callee.name=/^(Map|Set|Array)$/][arguments.length=0]',
  'Program > VariableDeclaration > VariableDeclarator > ArrayExpression[elements.length=0]',
].map((selector) => ({ selector, message: STATE }));

const noActivityValue = {
  patterns: [
    {
      group: ['**/activities/**', '**/services/**', '**/config/**', '**/*.schema.ts', '**/schema.ts'],
      allowTypeImports: true,
      message: 'Workflows run in the sandbox: import this as a type only and call it through a proxy.',
    },
    { group: ['node:*'], message: 'Workflows run in the sandbox, where Node does not exist.' },
  ],
  paths: [{ name: 'zod', message: 'One schema by value grows the workflow bundle by a megabyte: validate outside.' }],
};

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      'dist/',
      'build/',
      'coverage/',
      '.perennial/',
      'samples/',
      'dashboard/public/',
      '**/.tmp-*/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: TYPESCRIPT,
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { jsdoc },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { jsdoc: { mode: 'typescript' } },
    rules: {
      ...sizeRules,
      ...typeRules,
      ...docRules,
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', noDefaultExport],
    },
  },
  {
    // Types there are `z.infer` of a schema above, which carries the doc.
    files: ['**/*.schema.ts', '**/schema.ts'],
    rules: { 'jsdoc/require-jsdoc': documented() },
  },
  {
    files: ['workflows/**/*.ts', 'canvas/**/*.ts', 'concurrency/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', noActivityValue] },
  },
  {
    files: ['workflows/**/*.ts', 'canvas/**/*.ts', 'concurrency/**/*.ts', 'contracts/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, ...noModuleState] },
  },
  {
    files: ['cli/**/*.ts', 'scripts/**/*.ts', 'stack/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: [
      'workflows/**/*.ts',
      'activities/**/*.ts',
      'services/**/*.ts',
      'api/**/*.ts',
      'workers/**/*.ts',
      'client/**/*.ts',
    ],
    rules: { 'no-console': 'error' },
  },
  {
    // The type of a factory's result is `ReturnType<typeof createXActivities>`: written out, it would stand twice.
    files: ['activities/**/*.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    // A `describe` is a chapter, not a function; test helpers are documented by the tests that read like prose.
    files: TESTS,
    rules: {
      'max-lines-per-function': 'off',
      'jsdoc/require-jsdoc': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `expect(port.method)` looks at a method and does not call it.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
  {
    // Vitest asks its config, reporters and global set-up for a default export.
    files: ['*.config.ts', 'test/support/global-setup.ts', 'scripts/check/summary-reporter.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
