import { COMPONENTS, VERDICTS } from '@jokbo/contracts';
import { digest } from './digest-schema.js';
import { resultSchema, type JsonSchema } from './result-schemas.js';

const text = (description: string): JsonSchema => ({ type: 'string', description });
const count = (description: string): JsonSchema => ({ type: 'integer', minimum: 0, description });
const yesNo = (description: string): JsonSchema => ({ type: 'boolean', description });
const share = (description: string): JsonSchema => ({ type: 'number', minimum: 0, maximum: 1, description });
const list = (items: JsonSchema, description: string): JsonSchema => ({ type: 'array', items, description });
const orNull = (schema: JsonSchema): JsonSchema => {
  const { description, ...rest } = schema;
  return { description, anyOf: [rest, { type: 'null' }] };
};
const figure = (description: string): JsonSchema => ({ type: ['number', 'null'], description });
const verdict = (description: string): JsonSchema => ({ type: 'string', enum: VERDICTS, description });
const component: JsonSchema = { type: 'string', enum: COMPONENTS, description: 'Part of the model.' };
const address = text('Address of the same in every run.');

/** An object of exactly these properties. */
function exactly(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', additionalProperties: false, required, properties };
}

const run = exactly({
  run_id: count('Number of the run; later runs have larger ones.'),
  digest: digest('SHA-256 of the result document, by which it is asked for.'),
  programme: text('Programme that was audited.'),
  language: { type: 'string', enum: ['ko', 'en'], description: 'Language of the programme.' },
  tool_version: text('Version of the tool that measured.'),
  rule_set: text('Rule set that decided.'),
  rule_set_version: { type: ['integer', 'null'], description: 'Its version; null before rule sets had one.' },
  published_at: { type: 'string', format: 'date-time', description: 'When it was published, UTC.' },
  is_current: yesNo('No later result of the programme took its place.'),
  superseded_by: orNull(digest('The result that took its place.')),
});

const leaderboardEntry = exactly({
  id: address,
  position: count('Place in the order of the leaderboard.'),
  team: text('Team.'),
  release: text('Name of the release.'),
  subject: text('Id of the release in the programme.'),
  model_revision: orNull(digest('SHA-256 of its fingerprint; null where it could not be read.')),
  outcome: verdict('Most severe verdict.'),
  declared: yesNo('The team declared the lineage that was found.'),
  components: list(
    exactly({
      component,
      verdict: verdict('Most severe verdict of the component.'),
      nearest: { type: ['string', 'null'], description: 'Reference that it is of.' },
    }),
    'Every component that was judged.',
  ),
  linked_share: orNull(
    share('Share of parameters linked to the nearest reference; null where none is comparable.'),
  ),
  nearest: {
    type: ['string', 'null'],
    description: 'Reference with the largest linked share and, of several, the largest effect.',
  },
  nearest_ties: orNull(
    list(text('Reference.'), 'Every reference that ties with it, by falling effect; null where none does.'),
  ),
  comparable_references: count('References that could be compared.'),
  references: count('References of the programme.'),
  controls_passed: count('Controls that passed.'),
  controls_due: count('Controls that were due.'),
  criteria_passed: { type: ['integer', 'null'], description: 'Criteria of the rule set that were met.' },
  criteria_failed: { type: ['integer', 'null'], description: 'Criteria that were not met.' },
  criteria_not_provided: { type: ['integer', 'null'], description: 'Criteria without evidence.' },
  previous_outcome: orNull(verdict('Outcome in the run before.')),
});

const coverageEntry = exactly({
  model: text('Id of the model.'),
  name: text('Its name.'),
  role: { type: 'string', enum: ['subject', 'reference'], description: 'Audited or compared with.' },
  model_revision: orNull(
    digest('SHA-256 of its fingerprint; this and counts are null where it could not be read.'),
  ),
  tensors: orNull(count('Stored tensors.')),
  mapped: orNull(count('Tensors that got a role.')),
  parameters: orNull(count('Parameters of all stored tensors.')),
  parameters_mapped: orNull(count('Parameters of the mapped tensors.')),
  mapped_share: figure(
    'Share of parameters that were mapped; null without parameters, or where it could not be read.',
  ),
  tensors_excluded: orNull(count('Tensors that were not scanned.')),
  failure: {
    type: ['string', 'null'],
    description: 'Error for which it could not be read; null where it was.',
  },
  excluded: list(
    exactly({
      stored: text('Stored name.'),
      reason: text('Why.'),
      parameters: count('Its parameters.'),
    }),
    'The first of them by name.',
  ),
  findings: list(text('Finding.'), 'What the files contradict themselves in.'),
});

const pairSummary = exactly({
  id: address,
  reference: text('Id of the reference.'),
  mode: resultSchema('result_mode'),
  verdict: verdict('Verdict of the pair.'),
  declared: yesNo('The team declared this lineage.'),
  comparable_share: share('Share of parameters that could be compared.'),
  linked_share: orNull(share('Share of parameters that are linked; null where nothing is comparable.')),
  components: list(resultSchema('result_component_verdict'), 'Verdict of each component, with its figures.'),
});

const mapSummary = exactly({
  id: address,
  component,
  role: text('Role of the tensors.'),
  statistic: text('Statistic of the cells.'),
  rows: count('Layers of the subject.'),
  columns: count('Layers of the reference.'),
  diagonal_z: figure('Diagonal statistic against its permutation null.'),
  diagonal_log10_p: figure('log10 of its p-value.'),
});

const verdictOrNull = (description: string): JsonSchema => orNull(verdict(description));

const releaseChanges = exactly({
  previous: digest('The result before.'),
  method: yesNo('The version of the tool or the sampling differs.'),
  rules: yesNo('The rule set differs.'),
  references: yesNo('The references differ.'),
  references_added: list(text('Id.'), 'References that the result before did not have.'),
  references_removed: list(text('Id.'), 'References that this result does not have.'),
  verdicts: list(
    exactly({
      reference: text('Id of the reference.'),
      component: orNull({ ...component, description: 'Null = the verdict of the pair.' }),
      change: {
        type: 'string',
        enum: ['more_severe', 'less_severe', 'same', 'added', 'removed'],
        description: 'How the verdict moved.',
      },
      before: verdictOrNull('Verdict in the result before; null = added.'),
      after: verdictOrNull('Verdict in this result; null = removed.'),
      data: { type: ['boolean', 'null'], description: 'Weights differ; null = added or removed.' },
      declaration: {
        type: ['boolean', 'null'],
        description: 'Declared in one of them only; null = added or removed.',
      },
    }),
    'Verdicts of pairs and components.',
  ),
});

const runningAudit = exactly({
  programme: text('Name of the programme, or id of the audit.'),
  driver: { type: 'string', enum: ['local', 'temporal'], description: 'One process, or a fleet.' },
  paused: yesNo('Nothing new is started.'),
  started_at: { type: 'string', format: 'date-time', description: 'When it began, UTC.' },
  age_s: { type: 'number', minimum: 0, description: 'Seconds since it was last heard of.' },
  stages: list(
    exactly({
      stage: {
        type: 'string',
        enum: ['inventory', 'fingerprint', 'compare', 'decide', 'publish'],
        description: 'Stage.',
      },
      expected: count('Items that are known of.'),
      done: count('Items that are done.'),
      read_bytes: count('Bytes that were read from storage.'),
    }),
    'In the order of an audit.',
  ),
  read_bytes_per_s: figure('Reading speed of the last seconds; null where nobody tells.'),
  eta_s: figure('Seconds that the stage under way has left at its pace; null where not known.'),
});

const draft = exactly({
  digest: digest('SHA-256 of the result document, by which it is asked for.'),
  written_at: { type: 'string', format: 'date-time', description: 'When its file was written, UTC.' },
  programme: text('Programme that was audited.'),
  tool_version: text('Version of the tool that measured.'),
  rule_set: text('Rule set that decided.'),
  rule_set_version: { type: ['integer', 'null'], description: 'Its version; null before rule sets had one.' },
});

const releaseParts = {
  id: address,
  row: resultSchema('result_leaderboard_row'),
  model: {
    description: 'Null where it could not be read.',
    anyOf: [resultSchema('result_model'), { type: 'null' }],
  },
  failure: resultSchema('result_failed_model'),
  pairs: list(pairSummary, 'One per reference.'),
  evaluation: resultSchema('result_evaluation'),
  training: resultSchema('trajectory_section'),
  self_tests: list(resultSchema('result_evidence'), 'Tests of the release against itself.'),
  statements: resultSchema('result_statements'),
};
const releaseOptional = ['failure', 'evaluation', 'training', 'self_tests', 'statements'];

const pairParts = {
  id: address,
  subject: text('Id of the release.'),
  reference: text('Id of the reference.'),
  mode: resultSchema('result_mode'),
  verdict: resultSchema('result_pair_verdict'),
  evidence: list(resultSchema('result_evidence'), 'Every record of the pair.'),
  maps: list(mapSummary, 'Layer maps, without their cells.'),
  alignments: list(resultSchema('result_alignment'), 'Alignments that were recovered.'),
  reproduce: text('Command that measures the pair again.'),
};

const mapParts = {
  id: address,
  subject: text('Id of the release.'),
  reference: text('Id of the reference.'),
  map: resultSchema('result_layer_map'),
};

const leaderboardItems = list(leaderboardEntry, 'In the order of the leaderboard.');

/** Answers of the API. */
export const ANSWERS = {
  runs: exactly({
    items: list(run, 'The newest first.'),
    next_cursor: { type: ['string', 'null'], description: 'Cursor of the next page; null after the last.' },
  }),
  leaderboard: exactly({ run, items: leaderboardItems }),
  coverage: exactly({ run, items: list(coverageEntry, 'Releases, then references.') }),
  release: exactly({ run, ...releaseParts }, releaseOptional),
  pair: exactly({ run, ...pairParts }, ['alignments']),
  map: exactly({ run, ...mapParts }),
  changes: exactly({
    run,
    changes: orNull({ ...releaseChanges, description: 'Null where there is no result before this one.' }),
  }),
  drafts: exactly({ items: list(draft, 'Results that are not published.') }),
  draft: resultSchema('result_document'),
  draftLeaderboard: exactly({ draft, items: leaderboardItems }),
  draftRelease: exactly({ draft, ...releaseParts }, releaseOptional),
  draftPair: exactly({ draft, ...pairParts }, ['alignments']),
  draftMap: exactly({ draft, ...mapParts }),
  running: exactly({ items: list(runningAudit, 'Audits that run now.') }),
  health: exactly({ status: { type: 'string', const: 'ok', description: 'The database answers.' } }),
  problem: exactly({
    type: { type: 'string', const: 'about:blank', description: 'Nothing more is known than the status.' },
    title: text('Name of the status.'),
    status: { type: 'integer', minimum: 400, maximum: 599, description: 'HTTP status.' },
    detail: text('What is wrong, for a person.'),
  }),
} as const;
