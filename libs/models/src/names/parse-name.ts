import type { Scope } from '@jokbo/contracts';
import { fillTemplate, nameTemplate } from './name-template.js';
import { parseText, type TemplateParts } from './parse-text.js';
import { parseTower } from './parse-tower.js';
import { splitQuantisationSuffix } from './quantisation-suffix.js';
import { scopeOf } from './scope.js';

/** What a tensor name says by itself; norms and a few others are settled later, from the whole layer. */
export interface ParsedName {
  readonly scope: Scope;
  readonly layer: number | null;
  /** Null when no rule fits: the name is reported, never guessed at. */
  readonly role: string | null;
  readonly expert: number | null;
  readonly part: string;
  /** The name inside its layer, without `.weight` or `.bias`. */
  readonly rest: string;
  /** The tensor belongs to the text encoder of an encoder–decoder. */
  readonly encoder: boolean;
}

export interface NameRules {
  /** Layers of the text tower: a text layer of this index or above is multi-token prediction. */
  readonly layers: number | null;
  /** Also accept synonyms that no published model uses. */
  readonly renamed: boolean;
  /** What `encoder.` is in an encoder–decoder: a scope of its own; null = a container without meaning. */
  readonly encoder: 'audio' | 'text' | null;
}

/**
 * Pieces that `mtp.*` checkpoints keep outside their layers, and DeepSeek's order inside the one layer: both count
 * as layer 0, so that they meet.
 */
const MTP_OUTSIDE_LAYERS = /^(?:final_norm|mtp\.(?:proj|norm_h|norm_e))$/;

const ENCODER = /^(?:model\.)?encoder\./;

/**
 * A function from tensor name to meaning. It caches by name with the indices taken out, so that a model of
 * 140,000 names costs a few hundred matches.
 */
export function createNameParser(rules: NameRules): (name: string) => ParsedName {
  const templates = new Map<string, TemplateParts>();
  return (name) => {
    const template = nameTemplate(name);
    if (template === null) {
      return {
        scope: 'text',
        layer: null,
        role: null,
        expert: null,
        part: 'weight',
        rest: name,
        encoder: false,
      };
    }
    let parts = templates.get(template.text);
    if (parts === undefined) {
      parts = parseTemplate(template.text, rules);
      templates.set(template.text, parts);
    }
    return nameFromParts(parts, template.indices, rules.layers);
  };
}

function parseTemplate(text: string, rules: NameRules): TemplateParts {
  const { base, part } = splitQuantisationSuffix(text);
  const { scope, container } = scopeOf(base);
  if (scope !== 'text' && scope !== 'mtp') {
    return parseTower(scope, container, base.slice(container.length), part);
  }
  const encoder = rules.encoder === null ? null : ENCODER.exec(base);
  if (encoder === null || rules.encoder === null) return parseText(scope, base, part, rules.renamed);
  const tail = base.slice(encoder[0].length);
  if (rules.encoder !== 'text') return parseTower(rules.encoder, encoder[0], tail, part);
  return { ...parseText('text', tail, part, rules.renamed), encoder: true };
}

function nameFromParts(parts: TemplateParts, indices: readonly number[], layers: number | null): ParsedName {
  const at = (position: number | null): number | null =>
    position === null ? null : (indices[position] ?? null);
  const layer = at(parts.layerAt);
  const encoder = parts.encoder === true;
  const extra = parts.scope === 'text' && !encoder && layer !== null && layers !== null && layer >= layers;
  const role = parts.role === null ? null : fillTemplate(parts.role, indices, parts.fillFrom);
  const outside = parts.scope === 'mtp' && layer === null && role !== null && MTP_OUTSIDE_LAYERS.test(role);
  return {
    scope: extra ? 'mtp' : parts.scope,
    layer: extra ? layer - layers : outside ? 0 : layer,
    role: outside && role === 'final_norm' ? 'mtp.final_norm' : role,
    expert: at(parts.expertAt),
    part: parts.part,
    rest: fillTemplate(parts.rest, indices, parts.fillFrom),
    encoder,
  };
}
