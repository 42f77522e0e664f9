/** Matrices [out, in] whose input is the residual stream. */
const READERS =
  /^(?:embed|lm_head|attn\.(?:q|k|v|qkv|q_a|kv_a|gate)|cross\.(?:q|k|v)|lin\.(?:q|k|v|qkv|gate|in_proj\w*|[fgba]_(?:a_)?proj)|mlp\.(?:gate|up|gate_up)|moe\.(?:router|shared_gate)|moe\.(?:shared|expert)\.(?:gate|up|gate_up))$/;

/** Matrices [out, in] whose output is added to the residual stream, and their biases. */
const WRITERS =
  /^(?:attn\.(?:o|o_b)|cross\.o|lin\.(?:o|out_proj)|mlp\.down|moe\.shared\.down|moe\.expert\.down|mtp\.proj)$/;

/** Gains and biases of norms over the residual stream. */
const NORMS = /^(?:final_norm|embed_norm|norm\.(?!gate\.).+|mtp\.(?:norm_h|norm_e|final_norm))$/;

/** Whether a role has a residual axis at all, whatever the shape. */
export function expectsResidualAxis(role: string, part: string): boolean {
  const plain = role.replace(/^encoder\./, '');
  if (NORMS.test(plain) || WRITERS.test(plain)) return true;
  return part !== 'bias' && READERS.test(plain);
}

/**
 * Where the residual stream lies in a logical tensor of a text tower: columns of what reads it (1), rows of what
 * writes it (0), the only axis of norms and of output biases (0); null where the role has none, or where the shape
 * does not show it.
 *
 * @param width of the residual stream.
 */
export function residualAxis(
  role: string,
  part: string,
  shape: readonly number[],
  width: number | null,
): 0 | 1 | null {
  if (width === null || !expectsResidualAxis(role, part)) return null;
  const plain = role.replace(/^encoder\./, '');
  if (shape.length === 1) return shape[0] === width && !READERS.test(plain) ? 0 : null;
  if (shape.length !== 2 || part === 'bias') return null;
  if (WRITERS.test(plain)) return shape[0] === width ? 0 : null;
  return READERS.test(plain) && shape[1] === width ? 1 : null;
}
