#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

// The S3 client announces that its future versions will need Node 22; that is no news for whoever runs an audit.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// Every processor has a comparing thread, whose heap is small and whose products lie outside of it. Marking that heap
// on threads beside it whenever 64 MB of products were made took a tenth of an audit. Read when marking would start,
// so that it may be set while Node runs.
setFlagsFromString('--no-incremental-marking');

const { main } = await import('../dist/main.js');
process.exitCode = await main(process.argv.slice(2));
