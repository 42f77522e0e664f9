import { COMPONENTS, type ModelSummary } from '@jokbo/contracts';
import type { coverage, excludedTensor, file, finding, model, modelComponent } from '../schema/tables.js';

export function modelRow(runId: number, summary: ModelSummary): typeof model.$inferInsert {
  return {
    runId,
    model: summary.id,
    name: summary.name,
    role: summary.role,
    team: summary.team,
    family: summary.family,
    modelType: summary.model_type,
    architecture: summary.architecture,
    hiddenSize: summary.hidden_size,
    layers: summary.layers,
    parameters: summary.parameters,
    bytes: summary.bytes,
    fingerprint: summary.fingerprint,
  };
}

/** Components that the model lacks have no row. */
export function modelComponentRows(
  runId: number,
  summary: ModelSummary,
): (typeof modelComponent.$inferInsert)[] {
  return COMPONENTS.flatMap((component) => {
    const parameters = summary.parameters_by_component[component];
    return parameters === undefined ? [] : [{ runId, model: summary.id, component, parameters }];
  });
}

export function fileRows(runId: number, summary: ModelSummary): (typeof file.$inferInsert)[] {
  return summary.files.map(({ path, size, digest }) => ({ runId, model: summary.id, path, size, digest }));
}

export function coverageRow(runId: number, summary: ModelSummary): typeof coverage.$inferInsert {
  const { tensors, mapped, parameters, parameters_mapped, excluded_more } = summary.coverage;
  return {
    runId,
    model: summary.id,
    tensors,
    mapped,
    parameters,
    parametersMapped: parameters_mapped,
    excludedMore: excluded_more,
  };
}

export function excludedTensorRows(
  runId: number,
  summary: ModelSummary,
): (typeof excludedTensor.$inferInsert)[] {
  return summary.coverage.excluded.map(({ stored, reason, parameters }, position) => ({
    runId,
    model: summary.id,
    position,
    stored,
    reason,
    parameters,
  }));
}

export function findingRows(runId: number, summary: ModelSummary): (typeof finding.$inferInsert)[] {
  return summary.findings.map((text, position) => ({ runId, model: summary.id, position, finding: text }));
}
