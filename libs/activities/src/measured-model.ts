import type { Component, Coverage, FingerprintDocument, ModelSummary, TensorSummary } from '@jokbo/contracts';
import type { AddressedDocument } from '@jokbo/fingerprint';
import type { MeasuredComponent, MeasuredModel } from '@jokbo/verdict';

/** Excluded tensors that a summary lists one by one. */
const MAX_EXCLUDED = 100;

/** What the decision needs to know of a model, from its fingerprint. */
export function measuredModel(id: string, family: string, document: FingerprintDocument): MeasuredModel {
  const components: Partial<Record<Component, MeasuredComponent>> = {};
  const notFinite: Partial<Record<Component, string[]>> = {};
  for (const tensor of document.tensors) {
    if (tensor.component === null) continue;
    const held = components[tensor.component] ?? { parameters: 0, bytes: 0, eligible: 0, width: null };
    components[tensor.component] = {
      parameters: held.parameters + tensor.parameters,
      bytes: held.bytes + tensor.bytes,
      eligible: held.eligible + (tensor.residual_axis === null ? 0 : tensor.parameters),
      width: held.width ?? residualUnits(tensor, document),
    };
    if (tensor.moments.not_finite > 0) (notFinite[tensor.component] ??= []).push(tensor.stored);
  }
  const { parameters, parameters_mapped: mapped } = coverageOf(document);
  return { id, family, components, mappedShare: parameters === 0 ? 0 : mapped / parameters, notFinite };
}

function residualUnits(tensor: TensorSummary, document: FingerprintDocument): number | null {
  if (tensor.sample !== null) return tensor.sample.units;
  return tensor.residual_axis === null || tensor.scope !== 'text' ? null : document.architecture.hiddenSize;
}

/** A model as the result document shows it. */
export function modelSummary(
  entry: Pick<ModelSummary, 'id' | 'name' | 'role' | 'team' | 'family'>,
  fingerprint: AddressedDocument,
): ModelSummary {
  const { document } = fingerprint;
  const byComponent: Partial<Record<Component, number>> = {};
  for (const { component, parameters } of document.tensors) {
    if (component !== null) byComponent[component] = (byComponent[component] ?? 0) + parameters;
  }
  const { architecture } = document;
  return {
    id: entry.id,
    name: entry.name,
    role: entry.role,
    team: entry.team,
    family: entry.family,
    model_type: architecture.modelType,
    architecture: architecture.architecture,
    hidden_size: architecture.hiddenSize,
    layers: architecture.layers,
    parameters: sum(document.tensors.map((tensor) => tensor.parameters)),
    bytes: sum(document.files.map((file) => file.size)),
    fingerprint: fingerprint.id,
    files: document.files,
    parameters_by_component: byComponent,
    coverage: coverageOf(document),
    findings: document.findings,
  };
}

/** Tensors and parameters that are compared, and those that are not, with reasons. */
export function coverageOf(document: FingerprintDocument): Coverage {
  const mapped = sum(document.tensors.map((tensor) => tensor.parameters));
  const excluded = sum(document.excluded.map((tensor) => tensor.parameters));
  return {
    tensors: document.tensors.length + document.excluded.length,
    mapped: document.tensors.length,
    parameters: mapped + excluded,
    parameters_mapped: mapped,
    excluded: document.excluded.slice(0, MAX_EXCLUDED),
    excluded_more: Math.max(0, document.excluded.length - MAX_EXCLUDED),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
