import { DEFAULT_FEATURES } from '@jokbo/fingerprint';
import { loadJson, type StoredEvidence } from './evidence-store.js';
import { fingerprintSource, openSource } from './load-model.js';
import { modelSummary } from './measured-model.js';
import { modelFigures } from './model-figures.js';
import { recordFigures } from './record-figures.js';
import { releaseCommand } from './release-command.js';
import type { ReproduceOptions } from './reproduce-options.js';
import type { ReproducedFigure } from './reproduced-figure.js';

/** One release of a result that is measured again by itself. */
export interface ReproduceReleaseOptions extends ReproduceOptions {
  /** Id of the release. */
  readonly subject: string;
}

/**
 * Measures the self-tests of a published release again and holds the release and every figure of its records against the
 * published ones; of a release without published self-tests, what should not have been measured.
 *
 * @throws UsageError where no pair says where the release lies.
 */
export async function reproduceSelfTests(options: ReproduceReleaseOptions): Promise<ReproducedFigure[]> {
  const { document, subject, resolve, workspace, progress, signal } = options;
  const { subject: place, features = DEFAULT_FEATURES } = releaseCommand(document, subject);
  const source = await openSource(await resolve(place), signal);
  try {
    const fingerprint = await fingerprintSource(source, { ...workspace, progress, features, signal });
    const { id } = fingerprint;
    const { evidence } = await workspace.comparer.compare(
      { kind: 'self', subject: id, reference: id },
      signal,
    );
    const stored = await loadJson<StoredEvidence>(workspace.parts, evidence);
    const names = { id: subject, name: subject, role: 'subject', team: null, family: null } as const;
    const published = document.self_tests?.find((entry) => entry.subject === subject)?.records ?? [];
    return [
      ...modelFigures(
        'subject',
        document.models.find((model) => model.id === subject && model.role === 'subject'),
        modelSummary(names, fingerprint),
      ),
      ...recordFigures(published, stored?.records ?? []),
    ];
  } finally {
    await source.store.close();
  }
}
