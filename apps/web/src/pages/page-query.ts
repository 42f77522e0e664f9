import { LANGUAGES, type Language } from '@jokbo/report';
import type { JsonSchema } from '../api/result-schemas.js';

/** What every page takes. */
export interface PageQuery {
  readonly lang?: Language;
}

export const PAGE_QUERY: JsonSchema = {
  type: 'object',
  properties: {
    lang: { type: 'string', enum: LANGUAGES, description: 'Language; default: that of the programme.' },
  },
};
