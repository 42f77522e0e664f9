import type { Component, VerdictClass } from '@jokbo/contracts';

export const HOSTILE_NAME = '<script>alert("x")</script> & \'co\' </script><!--';
export const LONG_NAME =
  'Cirrus-Extremely-Long-Release-Name-Instruct-Preview-2026-07-31-with-tool-use-and-vision-410B-A28B';

export const TEXT: readonly Component[] = ['embedding', 'attention', 'router', 'experts', 'norms', 'head'];
export const PARAMETERS: Readonly<Partial<Record<Component, number>>> = {
  embedding: 805_306_368,
  attention: 4_026_531_840,
  router: 25_165_824,
  experts: 26_843_545_600,
  norms: 401_408,
  head: 805_306_368,
  vision: 1_283_457_024,
  projector: 52_428_800,
};

export interface SubjectPlan {
  readonly id: string;
  readonly team: string;
  readonly name: string;
  readonly declared: boolean;
  readonly components: readonly Component[];
  /** Verdict of a component against a reference. */
  readonly verdict: (component: Component, reference: number) => VerdictClass;
}

export const SUBJECTS: readonly SubjectPlan[] = [
  {
    id: 'boreal',
    team: 'Boreal Labs',
    name: 'Boreal-34B-Chat',
    declared: true,
    components: TEXT,
    verdict: (component, reference) =>
      reference === 2
        ? component === 'norms'
          ? 'common_origin'
          : component === 'head'
            ? 'identical'
            : 'derived'
        : 'no_link_found',
  },
  {
    id: 'hanbit',
    team: '한빛 인공지능 연구소',
    name: '한빛-32B-멀티모달',
    declared: false,
    components: [...TEXT, 'vision', 'projector'],
    verdict: (component, reference) =>
      reference === 0 && component === 'vision'
        ? 'partially_derived'
        : component === 'router'
          ? 'not_comparable'
          : 'no_link_found',
  },
  {
    id: 'ember',
    team: 'Ember & Söhne',
    name: HOSTILE_NAME,
    declared: false,
    components: TEXT,
    verdict: (component, reference) =>
      reference === 3 && component === 'experts' ? 'invalid' : 'no_link_found',
  },
  {
    id: 'dune',
    team: 'Dune AI',
    name: 'Dune-12B',
    declared: true,
    components: TEXT,
    verdict: (component, reference) =>
      reference === 5 && component === 'attention'
        ? 'inconclusive'
        : reference > 5
          ? 'not_comparable'
          : 'no_link_found',
  },
  {
    id: 'cirrus',
    team: 'Cirrus',
    name: LONG_NAME,
    declared: false,
    components: TEXT,
    verdict: () => 'no_link_found',
  },
];

export const REFERENCES = [
  ['meridian-vl', 'Meridian-VL-7B', 'meridian'],
  ['meridian', 'Meridian-32B', 'meridian'],
  ['orion', 'Orion-34B-Base', 'orion'],
  ['pallas', 'Pallas-8x22B', 'pallas'],
  ['quill', 'Quill-3.5-MoE-instruct', 'quill'],
  ['rhea', 'Rhea-100B-A12B', 'rhea'],
  ['sirius', '시리우스-21B', 'sirius'],
  ['tethys', 'Tethys-7B-v0.3', 'tethys'],
] as const;
