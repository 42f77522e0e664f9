import { normContextRecord, startSplitRecord } from './context-records.mjs';
import { hiddenGramRecord, valueGramRecord } from './group-gram-records.mjs';
import { hiddenTraceRecord } from './hidden-trace-record.mjs';
import { byteIdentityRecord, valueIdentityRecord } from './identity-records.mjs';
import { mapRecords } from './layer-map-records.mjs';
import { localise } from './localise.mjs';
import { ofComponent } from './pairs.mjs';
import { readModel } from './read-model.mjs';
import { residualGramRecord } from './residual-gram-record.mjs';
import { rowIdentityRecord } from './row-identity-record.mjs';
import { selfTestRecords } from './self-test-records.mjs';
import { balancedTraceRecord, rankTraceRecord, traceRecord } from './trace-records.mjs';

const RECORDS = {
  byte_identity: byteIdentityRecord,
  value_identity: valueIdentityRecord,
  trace: traceRecord,
  balanced_trace: balancedTraceRecord,
  residual_gram: residualGramRecord,
  hidden_gram: hiddenGramRecord,
  hidden_trace: hiddenTraceRecord,
  value_gram: valueGramRecord,
  rank_trace: rankTraceRecord,
  norm_context: normContextRecord,
};

/** What is measured of every component, and of some beside that. */
const OF_ALL = ['byte_identity', 'value_identity', 'trace'];
const OF_COMPONENT = {
  embedding: ['balanced_trace'],
  attention: ['residual_gram', 'value_gram'],
  mlp: ['residual_gram', 'hidden_gram', 'hidden_trace'],
  router: ['residual_gram'],
  experts: ['residual_gram', 'hidden_gram', 'hidden_trace'],
  norms: ['rank_trace', 'norm_context'],
  head: ['balanced_trace'],
  vision: ['hidden_gram'],
};

/** Primaries, by whose |z| of 8 the split of a component is read. */
const PRIMARIES = ['trace', 'balanced_trace', 'residual_gram', 'hidden_gram', 'value_gram'];

/** Components whose layer maps every pair has; others have them where they reject. */
const MAPPED = ['attention', 'norms', 'vision'];

/** Experts are held against a dense MLP, and a dense MLP against experts, where the reference lacks the component. */
const STANDS_IN = { experts: 'mlp', mlp: 'experts' };

function recompute(subject, reference, components) {
  const records = [];
  const maps = [];
  const has = (model, component) => ofComponent(model, component).length > 0;
  for (const [component, also] of Object.entries(OF_COMPONENT)) {
    if (!has(subject, component) || !components.includes(component)) continue;
    const add = (method, figures) => records.push({ component, method, ...figures });
    const of = (method) => records.find((known) => known.component === component && known.method === method);
    if (has(reference, component)) {
      for (const method of [...OF_ALL, ...also]) add(method, RECORDS[method](subject, reference, component));
      add('row_identity', rowIdentityRecord(subject, reference, component, of('byte_identity')));
      const rejects = PRIMARIES.some((method) => Math.abs(of(method)?.z ?? 0) >= 8);
      if (rejects && component !== 'norms') {
        add('start_split', startSplitRecord(subject, reference, component));
      }
      if (rejects || MAPPED.includes(component)) maps.push(...mapRecords(subject, reference, component));
      const where = localise(subject, reference, component, of('trace').layer_map, rejects);
      records.push(...where.records);
      maps.push(...where.maps);
    } else if (has(reference, STANDS_IN[component])) {
      for (const method of ['residual_gram', 'hidden_trace']) {
        add(method, RECORDS[method](subject, reference, component, STANDS_IN[component]));
      }
    }
  }
  return { records, maps };
}

const [subject, reference, components = Object.keys(OF_COMPONENT).join()] = process.argv.slice(2);
if (subject === undefined) {
  throw new Error('usage: node main.mjs <subject folder> [<reference folder> [<component>,<component> ..]]');
}
const model = readModel(subject);
const found =
  reference === undefined
    ? { records: selfTestRecords(model), maps: [] }
    : recompute(model, readModel(reference), components.split(','));
process.stdout.write(JSON.stringify(found));
