import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { childProcessorSeconds } from './processor-seconds.js';

const BUSY = `const end = process.cpuUsage().user + 200_000;
while (process.cpuUsage().user < end);
process.stdout.write('worked');
setInterval(() => undefined, 1_000);`;

describe.runIf(process.platform === 'linux')('childProcessorSeconds', () => {
  it('counts what a child has worked while it runs', async () => {
    const child = spawn(process.execPath, ['-e', BUSY], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      const seconds = await childProcessorSeconds();
      expect(seconds.get(child.pid ?? 0)).toBeGreaterThanOrEqual(0.19);
      expect(seconds.has(process.pid)).toBe(false);
    } finally {
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    }
  });
});
