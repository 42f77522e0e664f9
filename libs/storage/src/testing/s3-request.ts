import type { IncomingMessage } from 'node:http';

/** A request as the server understood it. */
export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  /** Decoded; `''` for a request about the bucket. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: ReadonlyMap<string, string>;
}

/** Reads method, bucket, key, query and headers. Throws URIError for a bad percent sequence. */
export function parseRequest(request: IncomingMessage): S3Request {
  const [path = '/', query = ''] = splitOnce(request.url ?? '/', '?');
  const [bucket = '', key = ''] = splitOnce(path.slice(1), '/').map((part) => decodeURIComponent(part));
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(',') : value);
  }
  return { method: request.method ?? 'GET', bucket, key, query: parseQuery(query), headers };
}

/** Decoded names and values of a query string; `+` is a plus, as in every S3 request. */
export function parseQuery(query: string): Map<string, string> {
  const parsed = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const [name = '', value = ''] = splitOnce(part, '=').map((text) => decodeURIComponent(text));
    parsed.set(name, value);
  }
  return parsed;
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
