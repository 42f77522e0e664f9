import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SILENT, type ControlRecord } from '@jokbo/contracts';
import { createTaskRunner, writeFingerprint, type PartStore } from '@jokbo/fingerprint';
import { createWasmBackend } from '@jokbo/kernels';
import { openStore } from '@jokbo/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareSources, type SourceComparison } from './compare-sources.js';
import { fingerprintSource, openSource } from './load-model.js';
import type { LocalWorkspace } from './local-workspace.js';

const zoo = (path: string): string => new URL(`../../../test/zoo/${path}`, import.meta.url).href;

/** Features of which a fingerprint of a small model keeps a part of every matrix. */
const FEW = 900;
/** Features of which it keeps everything. */
const ALL = 32_768;

const runner = createTaskRunner({ threads: 1 });
let backend: Awaited<ReturnType<typeof createWasmBackend>>;
beforeAll(async () => {
  backend = await createWasmBackend({ threads: 1 });
});
afterAll(async () => {
  await backend.close();
  await runner.close();
});

function workspace(): LocalWorkspace {
  const stored = new Map<string, Uint8Array>();
  const parts: PartStore = {
    get: (key) => Promise.resolve(stored.get(key) ?? null),
    put: (key, value) => {
      stored.set(key, value instanceof Uint8Array ? value : new Uint8Array(Buffer.concat(value)));
      return Promise.resolve();
    },
  };
  return {
    parts,
    runner,
    backend,
    comparer: { compare: () => Promise.reject(new Error('unused')), close: () => Promise.resolve() },
    close: () => Promise.resolve(),
  };
}

function compare(features: number, full: boolean, reference = zoo('refs/llama-mini-s1')) {
  return compareSources({
    subject: zoo('refs/llama-mini-s0'),
    reference,
    controls: [zoo('refs/llama-mini-s2')],
    features,
    full,
    workspace: workspace(),
    progress: SILENT,
  });
}

/** What every control of one kind gave, by component and method. */
function controlsOf({ pair }: SourceComparison, kind: ControlRecord['kind']): Map<string, ControlRecord> {
  const controls = pair.verdict.controls.filter((control) => control.kind === kind);
  return new Map(controls.map((control) => [`${control.component} ${control.method}`, control]));
}

describe('compareSources', () => {
  it('measures over all elements the controls of a pair that is measured so', async () => {
    const sampled = await compare(FEW, false);
    const full = await compare(FEW, true);
    const whole = await compare(ALL, false);
    expect([sampled, full, whole].map(({ pair }) => pair.mode)).toEqual(['sampled', 'full', 'sampled']);
    for (const kind of ['positive', 'negative', 'identity'] as const) {
      const [few, all, known] = [sampled, full, whole].map((compared) => controlsOf(compared, kind));
      expect(all?.size).toBeGreaterThan(3);
      for (const [name, control] of all ?? []) {
        expect(control, `${kind} ${name}`).toMatchObject({ passed: true });
        // Layers of a sampled Gram are summed in another order.
        expect(control.z, `${kind} ${name}`).toBeCloseTo(known?.get(name)?.z ?? NaN, 3);
      }
      const attention = 'attention trace';
      expect(all?.get(attention)?.z).not.toBeCloseTo(few?.get(attention)?.z ?? NaN, 1);
    }
  });

  it('has sampled controls where a side is a fingerprint alone, whatever is asked', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jokbo fingerprint '));
    try {
      const uri = pathToFileURL(folder).href;
      const source = await openSource(zoo('refs/llama-mini-s1'));
      const made = await fingerprintSource(source, { ...workspace(), progress: SILENT, features: FEW });
      await source.store.close();
      const store = openStore(uri);
      await writeFingerprint(made, store);
      await store.close();
      const { pair } = await compare(FEW, true, uri);
      expect(pair.mode).toBe('sampled');
      for (const control of pair.verdict.controls) expect(control).toMatchObject({ passed: true });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
