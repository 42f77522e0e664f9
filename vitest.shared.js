import { defineConfig } from 'vitest/config';
/** Siblings resolve to their TypeScript source, so that a test never sees a stale build. */
const SOURCE_CONDITIONS = ['@jokbo/source', 'module', 'node', 'development|production'];
/** The vitest configuration that every project shares. */
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
            passWithNoTests: false,
        },
    });
}
//# sourceMappingURL=vitest.shared.js.map