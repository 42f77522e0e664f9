import type { ComparisonBatch, PlannedComparison, PlannedModel, ShardGroup } from '@jokbo/contracts';

export const modelName = ({ id }: Pick<PlannedModel, 'id'>): string => `model ${id}`;

export const groupName = ({ model, from, to }: ShardGroup): string =>
  `parts ${from + 1} to ${to} of model ${model}`;

export const trainingName = (subject: string): string => `training records of ${subject}`;

export function comparisonName({
  kind,
  subject,
  reference,
  mode,
  component,
  group,
}: PlannedComparison): string {
  const over = mode === 'full' ? ' over all elements' : '';
  const part = group === undefined ? '' : ` group ${group + 1}`;
  const of = component === undefined ? '' : ` of ${component}${part}`;
  return `comparison ${kind}${of} ${subject} × ${reference}${over}`;
}

export const batchName = ({ index }: ComparisonBatch): string => `batch ${index + 1} of comparisons`;
