import { fileURLToPath } from 'node:url';
import type { FingerprintDocument } from '@jokbo/contracts';
import { openStore } from '@jokbo/storage';
import { describe, expect, it } from 'vitest';
import { activeParameters } from './active-parameters.js';

const ZOO = fileURLToPath(new URL('../../../../test/zoo', import.meta.url));

function documentOf(experts: number | null, expertParameters: number): FingerprintDocument {
  const tensors = [
    { component: 'attention', parameters: 1000 },
    { component: null, parameters: 10 },
    ...(expertParameters === 0 ? [] : [{ component: 'experts', parameters: expertParameters }]),
  ];
  return { architecture: { experts }, tensors } as unknown as FingerprintDocument;
}

async function active(folder: string, document: FingerprintDocument): Promise<number | null> {
  const store = openStore(`${ZOO}/${folder}`);
  try {
    return await activeParameters(document, store);
  } finally {
    await store.close();
  }
}

describe('activeParameters', () => {
  it('counts the chosen share of routed experts, and everything else whole', async () => {
    // Two of eight.
    expect(await active('teams/a/open-mini', documentOf(8, 8000))).toBe(1010 + 2000);
    expect(await active('refs/llama-mini-s0', documentOf(null, 0))).toBe(1010);
  });

  it('is not known where a config does not say how many experts are chosen', async () => {
    expect(await active('refs/llama-mini-s0', documentOf(8, 8000))).toBeNull();
    expect(await active('teams/a/open-mini', documentOf(null, 8000))).toBeNull();
  });
});
