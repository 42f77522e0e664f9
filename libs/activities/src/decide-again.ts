import { canonicalJson, UsageError, type ResultDocument, type RuleSet } from '@jokbo/contracts';
import type { PartStore } from '@jokbo/fingerprint';
import { loadPlan, plannedOf, type StoredPlan } from './audit-plan.js';
import { decidePlan } from './decide-plan.js';
import {
  inputsOfPlan,
  inputsOfResult,
  loadEvidence,
  loadFingerprints,
  storeDecisionInputs,
  type DecisionInputs,
} from './decision-inputs.js';
import { loadJson, sha256, storeJson } from './evidence-store.js';
import { readProgramme } from './read-programme.js';
import { loadTrajectories } from './training/run-trajectory.js';

/** A result, or a programme that was audited with these parts. */
export type DecidedBefore = { readonly result: ResultDocument } | { readonly programme: string };

export interface DecideAgainOptions {
  /** URI of the programme, or a result; its digest is that of its canonical JSON. */
  readonly of: DecidedBefore;
  /** What to judge by; absent = the rules of the programme, or those of the result. */
  readonly rules?: RuleSet | undefined;
  readonly parts: PartStore;
}

/**
 * Judges stored measurements again, under another rule set or changed declarations: reads plan, fingerprints and
 * evidence by key, never weights. The document is what an audit under these rules would give, and names the result
 * that it supersedes; the same rules give the same bytes again.
 *
 * @throws UsageError when the measurements do not lie among the parts.
 */
export async function decideAgain(
  options: DecideAgainOptions,
): Promise<{ document: ResultDocument; digest: string }> {
  const { of, rules, parts } = options;
  const {
    inputs,
    plan: known,
    before,
  } = await ('result' in of
    ? measuredForResult(of.result, parts)
    : measuredForProgramme(of.programme, parts));
  const plan = rules === undefined ? known : { ...known, programme: { ...known.programme, rules } };
  const decided = decidePlan(
    plan,
    await loadFingerprints(parts, inputs.fingerprints),
    await loadEvidence(parts, inputs.evidence),
    await loadTrajectories(parts, inputs.training),
    inputs.failures,
  );
  const document = superseding(decided, before);
  const bytes = Buffer.from(canonicalJson(document));
  const digest = sha256(bytes);
  await parts.put(digest, bytes);
  const id = sha256(canonicalJson(plan));
  await storeJson(parts, id, plan);
  await storeDecisionInputs(parts, { ...inputsAlone(inputs), plan: id }, digest, plan);
  return { document, digest };
}

/** What was found with them, the result of the programme, is not theirs. */
function inputsAlone({ plan, fingerprints, evidence, training, failures }: DecisionInputs): DecisionInputs {
  return { plan, fingerprints, evidence, training, ...(failures === undefined ? {} : { failures }) };
}

interface Measured {
  readonly inputs: DecisionInputs;
  readonly plan: StoredPlan;
  readonly before: ResultDocument;
}

async function measuredForResult(result: ResultDocument, parts: PartStore): Promise<Measured> {
  const digest = sha256(canonicalJson(result));
  const inputs = await inputsOfResult(parts, digest);
  if (inputs === null) {
    throw new UsageError(
      'the measurements of this result are not in the work folder: name the one it was made with (--work), or audit',
      { value: digest },
    );
  }
  return { inputs, plan: await loadPlan(parts, inputs.plan), before: result };
}

async function measuredForProgramme(uri: string, parts: PartStore): Promise<Measured> {
  const plan = plannedOf(await readProgramme(uri), uri);
  const found = await inputsOfPlan(parts, plan);
  const before = found === null ? null : await loadJson<ResultDocument>(parts, found.result);
  if (found === null || before === null) {
    throw new UsageError(
      'this programme, with these models and controls, was not audited with this work folder',
      { object: uri },
    );
  }
  return { inputs: found, plan, before };
}

/** The document with the digest of the one that it supersedes; that one itself where nothing changed. */
function superseding(decided: ResultDocument, before: ResultDocument): ResultDocument {
  const document = withEvidenceOf(decided, before);
  const { supersedes } = before;
  const unchanged = supersedes === undefined ? document : { ...document, supersedes };
  if (canonicalJson(unchanged) === canonicalJson(before)) return before;
  return { ...document, supersedes: sha256(canonicalJson(before)) };
}

/** Nothing was measured: the version of the evidence is the one it was measured with. */
function withEvidenceOf(document: ResultDocument, before: ResultDocument): ResultDocument {
  const { name, version, sampling } = document.tool;
  const { evidence } = before.tool;
  return { ...document, tool: { name, version, sampling, ...(evidence === undefined ? {} : { evidence }) } };
}
