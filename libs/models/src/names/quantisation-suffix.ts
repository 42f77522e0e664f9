/** A name ending that marks a companion of a quantised weight, and the weight's own ending. */
interface QuantisationSuffix {
  readonly pattern: RegExp;
  /** Name of the part; `$1` and `$2` stand for the groups of the pattern. */
  readonly part: string;
  readonly ending: string;
}

/** Longest endings first: the first that fits wins. */
export const QUANTISATION_SUFFIXES: readonly QuantisationSuffix[] = [
  { pattern: /\.weight\.quant_state\.bitsandbytes__(?:nf4|fp4)$/, part: 'bnb_state', ending: '.weight' },
  {
    pattern: /\.weight\.(absmax|quant_map|nested_absmax|nested_quant_map|SCB)$/,
    part: 'bnb_$1',
    ending: '.weight',
  },
  { pattern: /\.weight_format$/, part: 'bnb_format', ending: '.weight' },
  { pattern: /\.SCB$/, part: 'bnb_SCB', ending: '.weight' },
  {
    pattern: /\.weight_(packed|shape|g_idx|zero_point|global_scale|scale_inv|scale_2|scale)$/,
    part: 'weight_$1',
    ending: '.weight',
  },
  { pattern: /\.(input|output|k|v|q)_(scale|zero_point|global_scale)$/, part: '$1_$2', ending: '.weight' },
  { pattern: /\.(qweight|qzeros|scales|g_idx)$/, part: '$1', ending: '.weight' },
  // gpt-oss: gate_up_proj_blocks and gate_up_proj_scales belong to gate_up_proj
  { pattern: /_(blocks|scales)$/, part: 'mx$1', ending: '' },
  // DeepSeek-V4 writes `x.scale`; `router.scale` of Gemma 4 is a parameter of its own
  { pattern: /(?<!\brouter)\.scale$/, part: 'scale', ending: '.weight' },
];

/** Splits a quantisation ending off: the name of the weight it serves, and which companion it is. */
export function splitQuantisationSuffix(text: string): { readonly base: string; readonly part: string } {
  for (const { pattern, part, ending } of QUANTISATION_SUFFIXES) {
    const match = pattern.exec(text);
    if (match === null) continue;
    return {
      base: text.slice(0, match.index) + ending,
      part: part.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? ''),
    };
  }
  return { base: text, part: 'weight' };
}
