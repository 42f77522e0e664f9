/** The units of decision, in the order in which reports show them. */
export const COMPONENTS = [
  'embedding',
  'attention',
  'mlp',
  'router',
  'experts',
  'norms',
  'head',
  'mtp',
  'vision',
  'audio',
  'projector',
] as const;

export type Component = (typeof COMPONENTS)[number];

/** The components of the text tower, rolled up where a whole text model is meant. */
export const TEXT_COMPONENTS = [
  'embedding',
  'attention',
  'mlp',
  'router',
  'experts',
  'norms',
  'head',
] as const satisfies readonly Component[];

/** Which tower a tensor belongs to. */
export const SCOPES = ['text', 'mtp', 'vision', 'audio', 'projector'] as const;
export type Scope = (typeof SCOPES)[number];
