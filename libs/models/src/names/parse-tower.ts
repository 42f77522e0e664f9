import type { Scope } from '@jokbo/contracts';
import { LAYER_ROLES } from './layer-roles.js';
import { countIndices } from './name-template.js';
import { splitPart, type TemplateParts } from './parse-text.js';
import { RENAMED_LAYER_ROLES } from './renamed-layer-roles.js';
import { matchRole } from './role-rule.js';

/** Wrappers inside a tower that carry no meaning. */
const TOWER_CONTAINERS = /^(?:(?:vision_model|audio_model|model|transformer|trunk|encoder)\.)+/;

/** List of layers, possibly below a named part of the tower (`perceiver.layers.0.`), which stays in the role. */
const TOWER_LAYER = /^((?:[^#]+\.)?)(?:layers|blocks|block|layer|resblocks|h)\.#\.(.+)$/;

/** First layer of a tower: the patch embedding under its usual names. */
const PATCH_EMBED = /^(?:embeddings\.)?(?:patch_embed(?:ding)?(?:\.proj)?|patchifier\.proj)$/;

/** Roles of a text layer that mean the same in a tower's layer. */
const SHARED_ROLE = /^(?:attn|mlp|norm)\./;

/**
 * Template parts of a tensor of a tower or projector. Layer tensors take the roles of text layers where a rule
 * fits, so that a renamed tower still meets its original; everything else keeps its own name as role.
 *
 * @param container the text that showed the scope, e.g. `model.visual.`
 */
export function parseTower(scope: Scope, container: string, tail: string, part: string): TemplateParts {
  const inner = tail.replace(TOWER_CONTAINERS, '');
  const skipped = countIndices(container) + countIndices(tail) - countIndices(inner);
  const layer = TOWER_LAYER.exec(inner);
  const prefix = layer?.[1] ?? '';
  const rest = layer?.[2] ?? inner;
  const leaf = splitPart(rest);
  const stem = leaf?.stem ?? rest;
  const hit = layer === null ? null : (matchRole(LAYER_ROLES, stem) ?? matchRole(RENAMED_LAYER_ROLES, stem));
  let role = stem;
  if (stem === '' || stem.startsWith('#')) role = stem === '' ? 'linear' : `linear.${stem}`;
  else if (hit !== null && SHARED_ROLE.test(hit.role)) role = hit.role;
  else if (layer === null && PATCH_EMBED.test(stem)) role = 'patch_embed';
  return {
    scope,
    layerAt: layer === null ? null : skipped + countIndices(prefix),
    expertAt: null,
    role: modality(scope, container) + prefix + role,
    fillFrom: layer === null ? skipped : skipped + countIndices(prefix) + 1,
    part: leaf?.part === 'bias' ? 'bias' : part,
    rest: stem,
  };
}

/** Projectors of several modalities share one scope: the modality keeps their roles apart. */
function modality(scope: Scope, container: string): string {
  if (scope !== 'projector') return '';
  if (container.includes('audio')) return 'audio.';
  return container.includes('video') ? 'video.' : '';
}
