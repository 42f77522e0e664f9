/** A model of the zoo that every made model is compared with. */
export interface ReferenceModel {
  readonly id: string;
  /** Path in the zoo. */
  readonly path: string;
}

function reference(path: string): ReferenceModel {
  return { id: path.replace(/^.*\//, ''), path };
}

/** One model of every independent lineage of width 128: enough pairs to calibrate on. */
export const REFERENCES: readonly ReferenceModel[] = [
  'refs/glm-air-mini',
  'refs/phi-moe-mini',
  'refs/mixtral-mini',
  'refs/qwen-vl-mini',
  'refs/deepseek-v3-mini',
  'refs/llama-mini-s0',
  'refs/llama-mini-s1',
  'refs/llama-mini-s2',
].map(reference);

/** Those that serve as negative controls of the others. */
export const NEGATIVE_CONTROLS: readonly string[] = [
  'mixtral-mini',
  'phi-moe-mini',
  'llama-mini-s0',
  'deepseek-v3-mini',
];

/** Seeds of one recipe: independent weights, the same data and tokenizer. */
export const ALIKE: readonly (readonly [string, string])[] = [
  ['llama-mini-s0', 'llama-mini-s1'],
  ['llama-mini-s0', 'llama-mini-s2'],
  ['llama-mini-s1', 'llama-mini-s2'],
];
