import type { ModelSummary } from '@jokbo/contracts';
import { visibleText } from '../visible-text.js';

/** Anything with an id of its own in an SPDX document. */
export interface SpdxElement {
  readonly type: string;
  readonly spdxId: string;
  readonly [property: string]: unknown;
}

/** Makes one element; `creationInfo` is added. */
type MakeElement = (
  type: string,
  spdxId: string,
  properties: Readonly<Record<string, unknown>>,
) => SpdxElement;

/** In place of a licence, which a result document does not hold. */
const NO_ASSERTION = 'expandedlicensing_NoAssertionLicense';

/**
 * One model as an AI package with its shards; `supplier` is the id of its team. Digests of shards are over header bytes and tensor digests, not over the
 * file as it lies, so they stand as identifiers and not as hashes of files.
 */
export function spdxModel(
  model: ModelSummary,
  id: string,
  supplier: string | undefined,
  element: MakeElement,
): SpdxElement[] {
  const files = model.files.map(({ path, size, digest }, at) =>
    element('software_File', `${id}-file-${at}`, {
      name: visibleText(path),
      software_primaryPurpose: 'model',
      comment: `${size} bytes`,
      externalIdentifier: [identifier('jokbo-content-sha256', digest)],
    }),
  );
  const licences = (['hasDeclaredLicense', 'hasConcludedLicense'] as const).map((relationshipType) =>
    element('Relationship', `${id}-${relationshipType}`, { relationshipType, from: id, to: [NO_ASSERTION] }),
  );
  return [
    element('ai_AIPackage', id, {
      name: visibleText(model.name),
      ...(supplier === undefined ? {} : { suppliedBy: supplier }),
      software_primaryPurpose: 'model',
      ai_typeOfModel: [visibleText(model.model_type)],
      ai_hyperparameter: [
        entry('parameters', model.parameters),
        entry('hidden_size', model.hidden_size),
        entry('layers', model.layers),
      ].flat(),
      externalIdentifier: [
        identifier('jokbo-model', visibleText(model.id)),
        identifier('jokbo-fingerprint-sha256', model.fingerprint),
      ],
    }),
    ...files,
    ...(files.length === 0
      ? []
      : [
          element('Relationship', `${id}-contains`, {
            relationshipType: 'contains',
            from: id,
            to: files.map(({ spdxId }) => spdxId),
            completeness: 'complete',
          }),
        ]),
    ...licences,
  ];
}

function identifier(issuingAuthority: string, text: string) {
  return { type: 'ExternalIdentifier', externalIdentifierType: 'other', identifier: text, issuingAuthority };
}

function entry(key: string, value: number | null) {
  return value === null ? [] : [{ type: 'DictionaryEntry', key, value: String(value) }];
}
