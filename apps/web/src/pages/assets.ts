import { createHash } from 'node:crypto';
import { siteAssets } from '@jokbo/report';
import type { FastifyInstance } from 'fastify';

/** Addresses of the files that pages link to; they name the content, so that it is never asked for again. */
export interface AssetAddresses {
  readonly style: string;
  readonly script: string;
  /** Script of the page of running audits. */
  readonly running: string;
}

const DIGEST_LENGTH = 16;

/** Serves style sheet and script of the pages. */
export function addAssets(app: FastifyInstance): AssetAddresses {
  const { style, script, running } = siteAssets();
  const serve = (text: string, ending: string, type: string): string => {
    const digest = createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH);
    const path = `/assets/report.${digest}.${ending}`;
    app.get(path, { schema: { hide: true } }, (_, reply) => {
      void reply
        .type(`${type}; charset=utf-8`)
        .header('cache-control', 'public, max-age=31536000, immutable')
        .send(text);
    });
    return path;
  };
  return {
    style: serve(style, 'css', 'text/css'),
    script: serve(script, 'js', 'text/javascript'),
    running: serve(running, 'js', 'text/javascript'),
  };
}
