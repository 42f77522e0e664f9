import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Checkpoint, Component, LogicalTensor } from '@jokbo/contracts';
import { openStore } from '@jokbo/storage';
import { readCheckpoint } from './read-checkpoint.js';

const ZOO = fileURLToPath(new URL('../../../../test/zoo/', import.meta.url));

/** Every folder of the zoo with weights: 19 models and 4 training checkpoints. */
const FOLDERS = readdirSync(ZOO, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith(`${sep}config.json`))
  .map((path) => dirname(path).split(sep).join('/'))
  .sort();

/** One pair of the zoo's expected statistics: how many tensors each component joins. */
interface ExpectedPair {
  readonly subject: string;
  readonly reference: string;
  readonly component: 'text' | 'vision' | 'mtp';
  readonly layer_map?: unknown;
  readonly tensors: number;
  readonly parts?: Readonly<Record<string, { readonly tensors: number } | null>>;
  readonly shared_tokens?: number;
}

const { pairs } = JSON.parse(readFileSync(`${ZOO}/expected.json`, 'utf8')) as {
  readonly pairs: readonly ExpectedPair[];
};

const COMPONENT_OF_PART: Readonly<Record<string, Component>> = {
  embed: 'embedding',
  attn: 'attention',
  mlp: 'mlp',
  router: 'router',
  experts: 'experts',
  norm: 'norms',
  lm_head: 'head',
};

const models = new Map<string, Checkpoint>();

function model(folder: string): Checkpoint {
  const found = models.get(folder);
  if (found === undefined) throw new Error(`no zoo model ${folder}`);
  return found;
}

beforeAll(async () => {
  for (const folder of FOLDERS) {
    const store = openStore(`${ZOO}/${folder}`);
    models.set(folder, await readCheckpoint(store, `${ZOO}/${folder}`));
    await store.close();
  }
});

/** Tensors with a residual axis that both models have, with the same features. */
function joined(subject: Checkpoint, reference: Checkpoint): readonly LogicalTensor[] {
  const others = new Map(reference.tensors.map((tensor) => [tensor.key, tensor]));
  return subject.tensors.filter((tensor) => {
    const other = others.get(tensor.key);
    if (other === undefined || tensor.residualAxis === null || other.residualAxis === null) return false;
    return ['embed', 'lm_head'].includes(tensor.role) || tensor.shape.join() === other.shape.join();
  });
}

describe('the zoo', () => {
  it('has 19 models and 4 training checkpoints', () => {
    expect(FOLDERS).toHaveLength(23);
  });

  it.each(FOLDERS)('%s maps completely', (folder) => {
    const checkpoint = model(folder);
    const unlisted = folder === 'teams/e/vae-mini';
    expect(checkpoint.excluded).toEqual([]);
    expect(checkpoint.architecture.architecture).toBe(unlisted ? 'unlisted' : 'listed');
    expect(checkpoint.findings).toEqual(
      unlisted ? ['unlisted-architecture: model_type "vae_moe" is mapped by names and shapes'] : [],
    );
    expect(new Set(checkpoint.tensors.map(({ key }) => key)).size).toBe(checkpoint.tensors.length);
    expect(checkpoint.tokenizer).not.toBeNull();
    const scales = new Set(checkpoint.tensors.map((tensor) => tensor.scales).filter((name) => name !== null));
    expect(checkpoint.tensors.length + scales.size).toBe(checkpoint.stored.length);
  });

  it.each(pairs.filter(({ layer_map, parts }) => layer_map === 'identity' && parts !== undefined))(
    'joins the expected tensors of $subject and $reference ($component)',
    ({ subject, reference, component, parts, tensors }) => {
      const both = joined(model(subject), model(reference));
      if (component !== 'text') {
        expect(both.filter((tensor) => tensor.component === component)).toHaveLength(tensors);
        return;
      }
      for (const [part, expected] of Object.entries(parts ?? {})) {
        // at step 0 all norms are ones: the zoo drops constant vectors
        if (expected === null) continue;
        const own = both.filter((tensor) => tensor.component === COMPONENT_OF_PART[part]);
        expect([part, own.length]).toEqual([part, expected.tensors]);
      }
    },
  );

  it.each(pairs.filter(({ shared_tokens }) => shared_tokens !== undefined))(
    'shares the expected tokens between $subject and $reference',
    ({ subject, reference, shared_tokens }) => {
      const other = new Set(model(reference).tokenizer?.bytesById.values());
      const shared = [...(model(subject).tokenizer?.bytesById.values() ?? [])].filter((bytes) =>
        other.has(bytes),
      );
      expect(shared).toHaveLength(shared_tokens ?? -1);
    },
  );

  it('consumes the scales of the FP8 model, block 64 × 64', () => {
    const scaled = model('refs/deepseek-v3-mini-fp8').tensors.filter(({ scales }) => scales !== null);
    expect(scaled).toHaveLength(104);
    for (const { stored, scales, block } of scaled) {
      expect(scales).toBe(`${stored}_scale_inv`);
      expect(block).toEqual([64, 64]);
    }
  });

  it('gives a training checkpoint the tokenizer of its release', () => {
    const release = model('teams/a/open-mini');
    const step = model('teams/a/open-mini/checkpoints/step-50');
    expect(step.tokenizer?.digest).toBe(release.tokenizer?.digest);
    expect(step.files.map(({ path }) => path)).toEqual(['model.safetensors']);
  });

  it('views the vision tower along its own stream', () => {
    const { tensors, architecture } = model('refs/qwen-vl-mini');
    const view = (role: string) =>
      tensors.find((tensor) => tensor.scope === 'vision' && tensor.role === role && tensor.part === 'weight');
    expect(architecture.visionWidth).toBe(64);
    expect(view('patch_embed')).toMatchObject({ shape: [64, 384], residualAxis: 0, cut: null });
    expect(view('merger.mlp.0')).toMatchObject({ shape: [1024, 64], residualAxis: 1, cut: null });
    expect(view('merger.mlp.2')).toMatchObject({ component: 'vision', residualAxis: null });
  });

  it('lists shards relative to the folder', () => {
    const { files, uri } = model('variants/glm-air-mini-reshard');
    expect(files.map(({ path }) => path)).toEqual([
      'pytorch_model_shard-00001-of-00002.safetensors',
      'pytorch_model_shard-00002-of-00002.safetensors',
    ]);
    expect(relative(ZOO, uri)).toBe(['variants', 'glm-air-mini-reshard'].join(sep));
  });
});
