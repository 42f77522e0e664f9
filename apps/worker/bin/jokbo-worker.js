#!/usr/bin/env node
// The S3 client announces that its future versions will need Node 22; that is no news for whoever runs a worker.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const { main } = await import('../dist/main.js');
process.exitCode = await main(process.argv.slice(2));
