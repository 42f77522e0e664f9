// Bundles the workflows once, as the target `bundle`: workers and tests run the same file.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const CONDITIONS = ['@jokbo/source', 'webpack', 'import', 'module', 'require', 'default'];

const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('src/index.ts', import.meta.url)),
  webpackConfigHook: (config) => {
    config.resolve.conditionNames = CONDITIONS;
    // Sources import their siblings under the names that these have once they are built.
    config.resolve.extensionAlias = { '.js': ['.ts', '.js'] };
    return config;
  },
});
await mkdir(new URL('bundle/', import.meta.url), { recursive: true });
await writeFile(new URL('bundle/workflow-bundle.js', import.meta.url), code);
