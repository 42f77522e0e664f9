import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['libs/*', 'apps/*', 'workflows', 'tools', 'test'],
    maxWorkers: 2,
  },
});
