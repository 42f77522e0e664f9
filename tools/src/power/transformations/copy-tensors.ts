import { tensorOf, withTensors, type Model, type Tensor } from '../model/model.js';

/** A model with some tensors of another one, found by name: part of a model taken over. */
export function copyTensors(carrier: Model, source: Model, names: RegExp): Model {
  const copied = [...carrier.tensors.keys()].filter((name) => names.test(name));
  if (copied.length === 0) throw new RangeError(`no tensor is named like ${String(names)}`);
  return withTensors(
    carrier,
    copied.map((name): [string, Tensor] => {
      const tensor = tensorOf(source, name);
      if (tensor.values.length !== tensorOf(carrier, name).values.length) {
        throw new RangeError(`${name} has another shape in the two models`);
      }
      return [name, tensor];
    }),
  );
}
