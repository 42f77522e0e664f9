// Bundles the workflows once, as the target `bundle`: workers and tests run the same file.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const CONDITIONS = ['@jokbo/source', 'webpack', 'import', 'module', 'require', 'default'];

/** The workflows with interceptors around them, in one file. */
async function bundle(file, workflowInterceptorModules) {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('src/index.ts', import.meta.url)),
    workflowInterceptorModules,
    webpackConfigHook: (config) => {
      config.resolve.conditionNames = CONDITIONS;
      // Sources import their siblings under the names that these have once they are built.
      config.resolve.extensionAlias = { '.js': ['.ts', '.js'] };
      return config;
    },
  });
  await writeFile(new URL(`bundle/${file}`, import.meta.url), code);
}

await mkdir(new URL('bundle/', import.meta.url), { recursive: true });
await bundle('workflow-bundle.js', []);
// Traces cost memory in every cached workflow: workers that trace nothing run the other.
const TRACING = '@temporalio/interceptors-opentelemetry/lib/workflow-interceptors.js';
await bundle('workflow-bundle-traced.js', [fileURLToPath(import.meta.resolve(TRACING))]);
