import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { showProgress } from './show-progress.js';

function shown({ terminal = false, quiet = false }) {
  const stream = Object.assign(new PassThrough(), { isTTY: terminal, columns: 60 });
  let seconds = 0;
  const progress = showProgress({ stream, quiet, now: () => seconds });
  return {
    progress,
    pass: (time: number) => (seconds += time),
    text: () => String(stream.read() ?? ''),
  };
}

describe('showProgress', () => {
  it('writes plain lines, at most one in five seconds, and one at the end of a stage', () => {
    const { progress, pass, text } = shown({});
    progress.expect('fingerprint', 10);
    for (let part = 0; part < 10; part += 1) {
      pass(1);
      progress.advance('fingerprint', 1, 1024 ** 3);
    }
    expect(text().trimEnd().split('\n')).toEqual([
      'reading 5/10, 1.25 GiB/s, ETA 5.0 s',
      'reading 10/10, 1.20 GiB/s',
    ]);
    pass(1);
    progress.advance('compare', 1);
    expect(text()).toBe('reading: 10 parts in 10.0 s, 10.0 GiB read\n');
    progress.close();
    expect(text()).toBe('comparing: 1 comparison in 0.0 s\n');
  });

  it('overwrites one line of a terminal, and leaves none behind', () => {
    const { progress, pass, text } = shown({ terminal: true });
    progress.expect('inventory', 2);
    progress.expect('fingerprint', 4);
    pass(1);
    progress.advance('inventory', 1);
    expect(text()).toBe('\r\u001b[Kinventory 1/2, ETA 1.0 s');
    pass(1);
    progress.advance('fingerprint', 1, 2048);
    const line = text();
    expect(line).toBe('\r\u001b[Kreading 1/4, 20.0 KiB/s, ETA 6.0 s, models 1/2');
    progress.advance('fingerprint', 1, 2048);
    expect(text()).toBe('');
    progress.note('odd \u001b[31mfile');
    expect(text()).toBe('\r\u001b[Kjokbo: odd \\u{1b}[31mfile\n');
    pass(1);
    progress.advance('fingerprint', 2, 0);
    progress.close();
    expect(text().endsWith('\r\u001b[Kreading: 4 parts in 3.0 s, 4.00 KiB read\n')).toBe(true);
  });

  it('cuts the line at the width of the terminal', () => {
    const { progress, pass, text } = shown({ terminal: true });
    progress.expect('fingerprint', 1e15);
    progress.expect('inventory', 1e15);
    progress.advance('inventory', 1);
    pass(100_000);
    progress.advance('fingerprint', 1, 1e15);
    expect(text().replace('\r\u001b[K', '')).toHaveLength(59);
  });

  it('does not tell of a stage that has not ended', () => {
    const { progress, text } = shown({});
    progress.expect('compare', 2);
    progress.advance('compare', 1);
    progress.close();
    expect(text()).toBe('');
  });

  it('says nothing when it is to be quiet', () => {
    const { progress, pass, text } = shown({ quiet: true, terminal: true });
    progress.expect('compare', 2);
    pass(10);
    progress.advance('compare', 2);
    progress.note('x');
    progress.close();
    expect(text()).toBe('');
  });
});
