import type { ModelData } from '@jokbo/fingerprint';
import { zooWeights } from './zoo-weights.js';

/** One model per independent lineage of the zoo, all 128 wide. */
export const INDEPENDENT = [
  'refs/glm-air-mini',
  'refs/phi-moe-mini',
  'refs/mixtral-mini',
  'refs/qwen-vl-mini',
  'refs/deepseek-v3-mini',
  'refs/llama-mini-s0',
  'refs/llama-mini-s1',
  'refs/llama-mini-s2',
  'teams/a/open-mini',
  'teams/b/think-vl-mini',
  'teams/d/axk-mini',
] as const;

export interface ZooPair {
  readonly name: string;
  readonly subject: ModelData;
  readonly reference: ModelData;
}

/** Every pair of independent models of equal width. */
export async function independentPairs(): Promise<ZooPair[]> {
  const models: { path: string; data: ModelData }[] = [];
  for (const path of INDEPENDENT) models.push({ path, data: (await zooWeights(path)).data });
  return models.flatMap((subject, index) =>
    models.slice(index + 1).map((reference) => ({
      name: `${subject.path} × ${reference.path}`,
      subject: subject.data,
      reference: reference.data,
    })),
  );
}
