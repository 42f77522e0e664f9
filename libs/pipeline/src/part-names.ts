import type { PlannedComparison, PlannedModel } from '@jokbo/contracts';

export const modelName = ({ id }: PlannedModel): string => `model ${id}`;

export const trainingName = (subject: string): string => `training records of ${subject}`;

export function comparisonName({ kind, subject, reference, mode, component }: PlannedComparison): string {
  const over = mode === 'full' ? ' over all elements' : '';
  const of = component === undefined ? '' : ` of ${component}`;
  return `comparison ${kind}${of} ${subject} × ${reference}${over}`;
}
