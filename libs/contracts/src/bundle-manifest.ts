import type { ControlEntries, Programme } from './programme.js';
import type { PlannedComparison } from './activities.js';
import type { ModelSummary, ResultDocument } from './result.js';
import type { NumericClass } from './tensor-backend.js';

/** One file of a report bundle; its path is below the folder of the bundle. */
export interface BundleFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** A backend, and the class of its figures. */
export interface NamedBackend {
  readonly name: string;
  readonly numeric_class: NumericClass;
}

/** What measured the comparisons of a result. */
export interface MeasuredBackend extends NamedBackend {
  /** The comparisons that another one measured, in the order of the plan. Absent where there are none. */
  readonly other?: NamedBackend & {
    readonly comparisons: readonly Pick<PlannedComparison, 'kind' | 'subject' | 'reference' | 'mode'>[];
  };
}

/**
 * What a report bundle was made of, beside the report: every file with its digest, and what gave the result. No times
 * and no hosts: the same inputs give the same bytes.
 */
export interface BundleManifest {
  readonly schema_version: 1;
  readonly tool: ResultDocument['tool'];
  /** SHA-256 of the result document as canonical JSON. */
  readonly result: string;
  readonly programme: ResultDocument['programme'];
  /** The resolved programme, with every default; null where the report was made from a result alone. */
  readonly configuration: Programme | null;
  readonly rules: { readonly id: string; readonly version: number; readonly digest: string };
  /** What all sampling is seeded by, beside role, axis and shape of a tensor. */
  readonly seeds: { readonly sampling: string };
  /** What computed; null where nothing was computed. */
  readonly backend: MeasuredBackend | null;
  readonly controls: {
    readonly due: number;
    readonly passed: number;
    /** Ids of control records that failed. */
    readonly failed: readonly string[];
    /** Which models serve as controls; null as `configuration`. */
    readonly entries: ControlEntries | null;
  };
  readonly inputs: readonly Pick<ModelSummary, 'id' | 'role' | 'fingerprint' | 'files'>[];
  /** Every other file of the bundle, by path. */
  readonly files: readonly BundleFile[];
  /** SHA-256 of all of the above as canonical JSON. Absent in bundles of before it was written. */
  readonly digest?: string;
}
