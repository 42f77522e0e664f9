#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

// The S3 client announces that its future versions will need Node 22; that is no news for whoever runs a worker.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// As `jokbo` runs: see apps/cli/bin/jokbo.js.
setFlagsFromString('--no-incremental-marking');

const { main } = await import('../dist/main.js');
process.exitCode = await main(process.argv.slice(2));
