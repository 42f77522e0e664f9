/** The models of {@link FLEET_PROGRAMME}, below the folder of the zoo. */
export const FLEET_MODELS: readonly string[] = [
  'teams/c/exa-mini',
  'refs/llama-mini-s2',
  'refs/glm-air-mini',
];

/** The shard of a reference that is made to fail. */
export const POISONED_SHARD = 'refs/llama-mini-s2/model-00002-of-00002.safetensors';

/**
 * A programme that a fleet audits in a few seconds, with a pair over all elements: some thirty activities that read weights
 * and compute. Of its two references one may fail, so that a result is left.
 */
export const FLEET_PROGRAMME = `version: 1
name: Fleet
language: en
subjects:
  - { id: exa, team: C, release: Exa, source: ./teams/c/exa-mini }
references:
  - { id: llama, name: Llama mini, source: ./refs/llama-mini-s2 }
  - { id: glm, name: GLM mini, source: ./refs/glm-air-mini }
controls: { negative: [] }
budget: { features: 128 }
full: [{ subject: exa, reference: llama }]
rules: { id: jokbo-1-tier1, require_tier3: false }
`;

/** The model that is found below the watched prefix of {@link WATCHED_PROGRAMME}. */
export const FOUND_MODEL = 'refs/llama-mini-s0';

/** The same models, and a prefix that is looked at for releases. */
export const WATCHED_PROGRAMME = `${FLEET_PROGRAMME.replace('name: Fleet', 'name: Watched fleet')}watch:
  every: 1d
  settle: 1s
  prefixes: [{ prefix: ./found, team: D }]
`;
