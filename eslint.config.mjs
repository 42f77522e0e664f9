import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Packages in import order: each may import what stands before it in its own row or in an earlier row. */
const LAYERS = [
  ['contracts'],
  ['storage', 'statistics', 'kernels', 'pipeline'],
  ['workflows'],
  ['safetensors'],
  ['models'],
  ['fingerprint'],
  ['evidence'],
  ['verdict'],
  ['database', 'report'],
  ['activities', 'web'],
  ['cli', 'worker'],
];

/** Packages that import little, and that only the last rows import: what a driver runs, and what the fleet does. */
const NARROW = {
  pipeline: { imports: ['contracts'], lastRows: 2 },
  workflows: { imports: ['contracts', 'pipeline'], lastRows: 1 },
};

const NOT_IN_WORKFLOWS = [
  '@temporalio/client',
  '@temporalio/worker',
  'pg',
  'drizzle-orm',
  '@aws-sdk/*',
  'zod',
];

const depConstraints = LAYERS.flatMap((row, index) =>
  row.map((layer) => ({
    sourceTag: `layer:${layer}`,
    onlyDependOnLibsWithTags: (
      NARROW[layer]?.imports ??
      LAYERS.slice(0, index)
        .flat()
        .filter((name) => index >= LAYERS.length - (NARROW[name]?.lastRows ?? LAYERS.length))
    ).map((name) => `layer:${name}`),
    // A workflow is replayed: whatever reaches beyond its own state would make it another one.
    ...(layer === 'workflows' ? { bannedExternalImports: NOT_IN_WORKFLOWS } : {}),
  })),
);

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '**/out-tsc',
      'workflows/bundle',
      '**/node_modules',
      '.nx',
      '.jokbo',
      '.cache',
      '**/assembly',
      'test/zoo',
      '**/*.mjs',
      '**/*.cjs',
      '**/bin/*.js',
      '**/browser/*.js',
      '**/workers/*.js',
    ],
  },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          depConstraints: [
            ...depConstraints,
            { sourceTag: 'layer:tools', onlyDependOnLibsWithTags: ['*'] },
            { sourceTag: 'layer:test', onlyDependOnLibsWithTags: ['*'] },
          ],
        },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
);
