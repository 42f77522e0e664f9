import type { Json } from '@jokbo/contracts';
import type { Random } from '@jokbo/statistics';
import { dimensionsOf } from '../model/dimensions.js';
import { gatherRows, momentsOf, stackRows } from '../model/matrix.js';
import { withConfig, withTensors, type Model, type Tensor } from '../model/model.js';
import { EMBEDDING, HEAD } from '../model/names.js';
import { gaussians, randomOrder } from '../model/seeded-random.js';

type JsonObject = Readonly<Record<string, Json>>;

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Token matrices mapped, as far as the model has them. */
function onTokenRows(model: Model, change: (tensor: Tensor) => Tensor): Model {
  const changes = [EMBEDDING, HEAD].flatMap((name): [string, Tensor][] => {
    const tensor = model.tensors.get(name);
    return tensor === undefined ? [] : [[name, change(tensor)]];
  });
  return withTensors(model, changes);
}

/** A tokenizer whose ids are mapped, with further tokens behind them. */
function renumber(
  tokenizer: Json | null,
  idOf: (id: number) => number,
  more: Readonly<Record<string, number>>,
): Json {
  if (!isObject(tokenizer ?? undefined)) throw new RangeError('the model has no tokenizer');
  const whole = tokenizer as JsonObject;
  const inner = whole['model'];
  const vocabulary = isObject(inner) ? inner['vocab'] : undefined;
  if (!isObject(inner) || !isObject(vocabulary)) throw new RangeError('the tokenizer has no vocabulary');
  const entries = Object.entries(vocabulary).map(([token, id]): [string, Json] => [token, idOf(Number(id))]);
  const added = (Array.isArray(whole['added_tokens']) ? (whole['added_tokens'] as readonly Json[]) : []).map(
    (token): Json => (isObject(token) ? { ...token, id: idOf(Number(token['id'])) } : token),
  );
  return {
    ...whole,
    added_tokens: added,
    model: { ...inner, vocab: { ...Object.fromEntries(entries), ...more } },
  };
}

/** Token ids in another order: rows of embedding and head, and the tokenizer with them. Same function on text. */
export function shuffleTokens(model: Model, random: Random): Model {
  const order = randomOrder(dimensionsOf(model).vocabulary, random);
  const idOf = new Map(order.map((old, id) => [old, id]));
  const moved = onTokenRows(model, (tensor) => gatherRows(tensor, order));
  return { ...moved, tokenizer: renumber(model.tokenizer, (id) => idOf.get(id) ?? id, {}) };
}

/** New tokens with fresh rows behind the old ones. */
export function extendVocabulary(model: Model, count: number, random: Random): Model {
  const { vocabulary } = dimensionsOf(model);
  const extended = onTokenRows(model, (tensor) => stackRows([tensor, freshRows(tensor, count, random)]));
  const more = Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`new${at}token`, vocabulary + at] as const),
  );
  return withConfig(
    { ...extended, tokenizer: renumber(model.tokenizer, (id) => id, more) },
    { vocab_size: vocabulary + count },
  );
}

/** Embedding and head initialised anew. */
export function renewEmbedding(model: Model, random: Random): Model {
  return onTokenRows(model, (tensor) => freshRows(tensor, tensor.shape[0] ?? 0, random));
}

function freshRows(tensor: Tensor, count: number, random: Random): Tensor {
  const width = tensor.shape[1] ?? 0;
  const { sd } = momentsOf(tensor);
  const values = gaussians(count * width, random).map((value) => sd * value);
  return { ...tensor, shape: [count, width], values };
}
