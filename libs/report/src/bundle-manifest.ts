import { createHash } from 'node:crypto';
import {
  canonicalJson,
  type BundleFile,
  type BundleManifest,
  type Programme,
  type ResultDocument,
} from '@jokbo/contracts';
import { resultDigest } from './export/component-rows.js';

/** What is known of a bundle beside its result. */
export interface BundleParts {
  /** Files of the bundle, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The manifest that lies there; of the same result, what it knows and the parts do not is kept. */
  readonly before?: BundleManifest | null | undefined;
  readonly programme?: Programme | undefined;
  readonly backend?: BundleManifest['backend'] | undefined;
}

/** The manifest of a report bundle: a pure function of its files and of what gave the result. */
export function bundleManifest(document: ResultDocument, parts: BundleParts): BundleManifest {
  const controls = document.pairs.flatMap(({ verdict }) => verdict.controls);
  const due = controls.filter(({ passed }) => passed !== null);
  const { id, version, digest } = document.rules;
  const result = resultDigest(document);
  const before = parts.before?.result === result ? parts.before : null;
  const configuration = parts.programme ?? before?.configuration ?? null;
  const kept = (before?.files ?? []).filter(({ path }) => !parts.files.has(path));
  const manifest: BundleManifest = {
    schema_version: 1,
    tool: document.tool,
    result,
    programme: document.programme,
    configuration,
    rules: { id, version, digest },
    seeds: { sampling: document.tool.sampling },
    backend: parts.backend ?? before?.backend ?? null,
    controls: {
      due: due.length,
      passed: due.filter(({ passed }) => passed === true).length,
      failed: due.flatMap((control) => (control.passed === false ? [control.id] : [])),
      entries: configuration?.controls ?? null,
    },
    inputs: document.models.map((model) => ({
      id: model.id,
      role: model.role,
      fingerprint: model.fingerprint,
      files: model.files,
    })),
    files: [...kept, ...[...parts.files].map(([path, bytes]) => bundleFile(path, bytes))].sort(byPath),
  };
  return { ...manifest, digest: digestOf(manifest) };
}

/** One file as a manifest names it. */
export function bundleFile(path: string, bytes: Uint8Array): BundleFile {
  return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * What a manifest says that its own parts or the result document contradict, in words; empty where nothing. The files
 * are not looked at.
 */
export function manifestContradictions(manifest: BundleManifest, document: ResultDocument): string[] {
  const expected = bundleManifest(document, {
    files: new Map(),
    programme: manifest.configuration ?? undefined,
    backend: manifest.backend,
  });
  const problems = (Object.keys(expected) as (keyof BundleManifest)[]).flatMap((key) =>
    key === 'files' || key === 'digest' || canonicalJson(manifest[key]) === canonicalJson(expected[key])
      ? []
      : [`${key} of the manifest is not that of result.json`],
  );
  const { digest: own, ...rest } = manifest;
  if (own !== undefined && own !== digestOf(rest)) problems.push('does not have its digest');
  if (manifest.configuration !== null && digestOf(manifest.configuration) !== manifest.programme.digest) {
    problems.push('configuration does not have the digest of the programme');
  }
  const { id, version, title, thresholds, require_tier3, criteria, digest } = document.rules;
  if (digestOf({ id, version, title, thresholds, require_tier3, criteria }) !== digest)
    problems.push('the rules of result.json do not have their digest');
  return problems;
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

function byPath(a: BundleFile, b: BundleFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
