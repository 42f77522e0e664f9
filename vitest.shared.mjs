import { defineConfig } from 'vitest/config';

/**
 * Siblings resolve to their TypeScript source, so that a test never sees a stale build. Not `module`: under it the
 * AWS SDK offers files that Node cannot load.
 */
const SOURCE_CONDITIONS = ['@jokbo/source', 'node', 'development|production'];

/** As `jokbo` runs: see apps/cli/bin/jokbo.js. */
const NODE_OPTIONS = ['--no-incremental-marking'];

/**
 * The vitest configuration that every project shares.
 *
 * @param {string} name
 */
export function projectConfig(name) {
  return defineConfig({
    ssr: { resolve: { conditions: SOURCE_CONDITIONS } },
    resolve: { conditions: SOURCE_CONDITIONS },
    test: {
      name,
      environment: 'node',
      include: ['src/**/*.spec.ts', 'specs/**/*.spec.ts'],
      testTimeout: 120_000,
      hookTimeout: 120_000,
      pool: 'forks',
      execArgv: NODE_OPTIONS,
      passWithNoTests: false,
    },
  });
}
