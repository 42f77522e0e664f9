import { writeSync } from 'node:fs';

/** Descriptor that whoever starts the process reads. */
const USAGE_FD = 3;

// Preloaded with `--import`, so that a command tells what it took itself, of its start too.
process.once('exit', () => {
  const { user, system } = process.cpuUsage();
  const usage = {
    processorSeconds: (user + system) / 1e6,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
  writeSync(USAGE_FD, JSON.stringify(usage));
});
