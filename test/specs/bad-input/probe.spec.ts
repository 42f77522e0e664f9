import { Writable } from 'node:stream';
import { mkdtempSync } from 'node:fs';
import { main } from '@jokbo/cli';
import { it } from 'vitest';
class S extends Writable {
  text = '';
  override _write(c: Buffer, _e: string, cb: () => void) {
    this.text += c.toString();
    cb();
  }
}
async function go(argv: string[]) {
  const o = new S(),
    e = new S();
  const t = Date.now();
  const s = await main(argv, { stdout: o, stderr: e });
  console.log(argv.join(' '), s, Date.now() - t, o.text.slice(0, 300), e.text);
}
it('x', async () => {
  const w = mkdtempSync('/tmp/bi-');
  await go(['fingerprint', '/nowhere', '--work', w + '/w', '--threads', '1', '--quiet']);
  await go(['fingerprint', 'zoo/refs/llama-mini-s0', '--work', w + '/w', '--threads', '1', '--quiet']);
  await go([
    'compare',
    'zoo/refs/llama-mini-s0',
    'zoo/refs/llama-mini-s1',
    '--work',
    w + '/w',
    '--threads',
    '1',
    '--quiet',
  ]);
  await go(['fingerprint', '/nowhere', '--work', w + '/w', '--threads', '1', '--quiet']);
});
