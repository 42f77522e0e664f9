/** One audit to make up. */
export interface SeededAudit {
  readonly run: number;
  readonly programme: number;
  /** Null = current. */
  readonly supersededBy: number | null;
  /** Null = the first of its programme. */
  readonly supersedes: number | null;
}

/** Releases of each audit; docs/queries.md asks for the first four. */
const SUBJECTS = [
  'open-mini',
  'think-vl-mini',
  'vae-mini',
  'exa2-mini',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
];
const REFERENCES = [
  'glm-air-mini',
  'qwen-vl-mini',
  ...Array.from({ length: 28 }, (_, index) => `ref-${index + 3}`),
];
const COMPONENTS = ['embedding', 'attention', 'mlp', 'router', 'experts', 'norms', 'head', 'vision'];
const METHODS = ['byte_identity', 'trace', 'balanced_trace', 'residual_gram', 'hidden_gram'];
const CONTROLS = ['negative', 'positive', 'self_scramble', 'identity'];
const ROLES = ['attn.q', 'attn.k', 'attn.v', 'attn.o', 'mlp.gate', 'mlp.up', 'mlp.down'];

/** 9 × 30 pairs × 38 records × 200 audits = 2.05 million. */
const RECORDS_PER_PAIR = 38;
const BLOCKS_PER_RECORD = 2;
const FILES_PER_MODEL = 47;
/** As `coverage` says; every third one of them is in every model. */
const TENSORS_PER_MODEL = 40_000;
/** The most names that a released model has. */
const MOST_TENSORS = 497_000;
const LARGEST_MODEL = 'open-mini';
/** As of Solar Open and GLM-4.5-Air. */
const MAP_ROWS = 48;
const MAP_COLUMNS = 47;
/** With the 7 of one pair: 23 maps × 48 × 47 cells × 200 audits = 10.4 million. */
const PAIRS_WITH_ONE_MAP = 16;

const digest = (of: string): string => `encode(sha256((${of})::bytea), 'hex')`;
const list = (texts: readonly string[]): string =>
  `unnest(array[${texts.map((text) => `'${text}'`).join(', ')}])`;
const cells = (scale: string): string =>
  `(select array_agg(((random() - 0.5) * ${scale})::real) from generate_series(1, ${MAP_ROWS * MAP_COLUMNS} + 0 * m.place))`;

/** Statements that write the tensors of every model, which all audits share. */
export function seedTensorStatements(): string[] {
  return [...SUBJECTS, ...REFERENCES].flatMap((model) => {
    const tensors = model === LARGEST_MODEL ? MOST_TENSORS : TENSORS_PER_MODEL;
    // Tensors of one tower lie together in a fingerprint, as vision does here.
    const component = `(array[${COMPONENTS.map((name) => `'${name}'`).join(', ')}])[1 + place * ${COMPONENTS.length} / ${tensors}]`;
    const role = `(array[${ROLES.map((name) => `'${name}'`).join(', ')}])[1 + place % ${ROLES.length}]`;
    const of = digest(`'${model}'`);
    return [
      `insert into fingerprint values (${of}, 's1')`,
      `insert into tensor_list values (${of}, ${tensors}, 0)`,
      `insert into tensor (fingerprint, position, stored, key, scope, component, layer, role, part, dtype, shape, parameters, bytes, digest)
        select ${of}, place, 'model.layers.' || place, format('text|%s|%s|-|weight', place, ${role}), 'text', ${component}, place, ${role},
        'weight', 'BF16', array[4096, 1408], 5767168, 11534336, ${digest(`case when place % 3 = 0 then '' else '${model}' end || place`)}
        from generate_series(0, ${tensors - 1}) place`,
    ];
  });
}

/**
 * Statements that write one made-up audit: the size of five teams' releases against thirty references, values drawn at
 * random. They are for a session in which triggers and foreign keys rest.
 */
export function seedStatements({ run, programme, supersededBy, supersedes }: SeededAudit): string[] {
  const pairs = `${list(SUBJECTS)} with ordinality s (subject, si) cross join ${list(REFERENCES)} with ordinality t (reference, ri)`;
  const models = `(select subject as model, 'subject' as role from ${list(SUBJECTS)} subject union all
    select reference, 'reference' from ${list(REFERENCES)} reference) m`;
  const linked = `case when (si, ri) in ((2, 2), (3, 1)) then 'derived' when ri > 25 then 'not_comparable' else 'no_link_found' end`;
  return [
    `insert into run overriding system value select ${run}, ${digest(`'run ${run}'`)}, 1, 'Programme ${programme}', ${digest("'p'")},
      'ko', 'jokbo', '0.1.0', 's1', 'round-1', true, true, '{}', '{}', ${supersededBy === null}, ${supersededBy ?? 'null'},
      now(), 1, ${digest("'rules'")}, '{}', ${supersedes ?? 'null'}, null`,
    `insert into fingerprint select ${digest('m.model')}, 's1' from ${models} on conflict do nothing`,
    `insert into model select ${run}, m.model, m.model, m.role, case when m.role = 'subject' then 'Team ' || left(m.model, 1) end, null,
      'llama', 'listed', 4096, 48, 100000000000, 200000000000, ${digest('m.model')} from ${models}`,
    `insert into file select ${run}, m.model, format('model-%s-of-${FILES_PER_MODEL}.safetensors', place), 5000000000, ${digest('m.model || place')}
      from ${models} cross join generate_series(1, ${FILES_PER_MODEL}) place`,
    `insert into coverage select ${run}, m.model, 40000, 39990, 100000000000, 99999000000, 8 from ${models}`,
    `insert into excluded_tensor select ${run}, m.model, place, 'rotary.' || place, 'buffer', 64 from ${models} cross join generate_series(0, 1) place`,
    `insert into release select ${run}, subject, place, 'Team ' || left(subject, 1), subject, case when place = 3 then 'derived' else 'no_link_found' end,
      false, 0.5, 'glm-air-mini', 25, 30, 100, 100 from ${list(SUBJECTS)} with ordinality s (subject, place)`,
    `insert into release_component select ${run}, subject, component, 'no_link_found', 'glm-air-mini', random()
      from ${list(SUBJECTS)} subject cross join ${list(COMPONENTS)} component`,
    `insert into rule_evaluation select ${run}, subject, 'criterion-' || place, place, 'technical', '기준', 'Criterion',
      case when subject = 'vae-mini' then 'fail' else 'pass' end from ${list(SUBJECTS)} subject cross join generate_series(1, 7) place`,
    `insert into rule_evaluation_reason select ${run}, subject, 'criterion-' || place, 0, 'linked', array['ev-1'], 'linked'
      from ${list(SUBJECTS)} subject cross join generate_series(1, 7) place`,
    `insert into comparison select ${run}, subject, reference, 'full', ${linked}, false, 0.9, 0.1, 'jokbo compare' from ${pairs}`,
    `insert into verdict select ${run}, subject, reference, component, ${linked}, null, 'trace', random(), random(), -1, -0.5, 0.001, -0.01, 0.01,
      0.001, 0.01, 1e6, 100, 1000000, 0, 0 from ${pairs} cross join ${list(COMPONENTS)} component`,
    `insert into verdict_reason select ${run}, subject, reference, component, 0, 'clean', array['ev-1'], 'clean'
      from ${pairs} cross join unnest(array[null, ${COMPONENTS.map((name) => `'${name}'`).join(', ')}]) component`,
    `insert into control select ${run}, subject, reference, component, kind || '-1', kind, 'trace', 'other', '|z| < 4', random(), 0, true, null
      from ${pairs} cross join ${list(COMPONENTS.slice(0, 6))} component cross join ${list(CONTROLS)} kind`,
    `insert into evidence select ${run}, subject, reference, 'ev-' || place, (array[${METHODS.map((name) => `'${name}'`).join(', ')}])[1 + place % ${METHODS.length}], 2,
      (array[${COMPONENTS.map((name) => `'${name}'`).join(', ')}])[1 + place % ${COMPONENTS.length}], place % 3 = 0, 'measured', null, 'full',
      'residual dimensions (4096)', random(), -1, random() / 100, -0.01, 0.01, 0.001, 1e6, 4096, 64, 48, 100000, 1000000, 'identity', 1,
      array[random(), random(), random(), random()], '{"depth": 8}' from ${pairs} cross join generate_series(1, ${RECORDS_PER_PAIR}) place`,
    `insert into evidence_block select ${run}, subject, reference, 'ev-' || place, block, format('text|%s|attn.q|-|weight', block),
      format('text|%s|attn.q|-|weight', block), random(), random() / 100, 1000000, false
      from ${pairs} cross join generate_series(1, ${RECORDS_PER_PAIR}) place cross join generate_series(0, ${BLOCKS_PER_RECORD - 1}) block`,
    `insert into layer_map (run_id, subject, reference, component, role, statistic, rows, columns, cosine, r, z, diagonal_z, diagonal_log10_p)
      select ${run}, m.subject, m.reference, 'attention', m.role, 'trace', ${MAP_ROWS}, ${MAP_COLUMNS},
      ${cells('2')}, ${cells('0.1')}, ${cells('8')}, 1, -0.5
      from (
        select 'think-vl-mini' as subject, 'qwen-vl-mini' as reference, role, place from ${list(ROLES)} with ordinality r (role, place)
        union all
        (select subject, reference, 'attn.q', ri from ${pairs} where si <> 2 order by ri, si limit ${PAIRS_WITH_ONE_MAP})
      ) m`,
  ];
}
