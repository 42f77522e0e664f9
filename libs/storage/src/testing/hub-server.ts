import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Files of one commit by path. */
export type HubFiles = Readonly<Record<string, Uint8Array>>;

/** What a request that a fault hits gets instead of the right answer. */
export type HubFault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The body ends early, as HTTP sees it properly or by a reset. */
  | { readonly kind: 'truncate' | 'reset'; readonly afterBytes: number }
  /** Another commit, or another etag, than asked for. */
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'body'; readonly text: string };

export interface HubServerOptions {
  /** Without it whoever asks is answered as one who may not see the models. */
  readonly token?: string;
  /** Entries per page of a listing. Default 1,000, as on the hub. */
  readonly pageSize?: number;
  /** Bytes from which a file is kept elsewhere. Default 1,000. */
  readonly largeFrom?: number;
}

/** A running hub on the loopback interface, for tests. */
export interface HubServer {
  readonly endpoint: string;
  /** `host path` of every request in order of arrival: `hub` or `store`. */
  readonly requests: readonly string[];
  /** Headers `authorization` that reached the store behind the hub. */
  readonly leaked: readonly string[];
  /** A new commit that a branch names from now on. @returns its digest. */
  commit(model: string, files: HubFiles, branch?: string): string;
  /** A branch or tag names a commit. */
  name(model: string, commit: string, branch: string): void;
  /** Signed addresses that were given out are of no use any more. */
  expire(): void;
  /** Faults hit requests whose `host path` starts so, one after another. */
  inject(start: string, ...faults: readonly HubFault[]): void;
  close(): Promise<void>;
}

/**
 * Starts a server that answers as the hub does: revisions, listings in pages, files that lie behind a redirection to
 * another host (large ones) or to the hub's cache. For tests.
 */
export async function startHubServer(options: HubServerOptions = {}): Promise<HubServer> {
  const { token, pageSize = 1_000, largeFrom = 1_000 } = options;
  const commits = new Map<string, HubFiles>();
  const branches = new Map<string, string>();
  const large = new Map<string, Uint8Array>();
  const requests: string[] = [];
  const leaked: string[] = [];
  const faults: { readonly start: string; readonly fault: HubFault }[] = [];
  let signature = 0;

  const store = createServer((incoming, response) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://store');
    const name = `store ${pathname}`;
    requests.push(name);
    if (incoming.headers.authorization !== undefined) leaked.push(incoming.headers.authorization);
    const bytes = large.get(pathname.slice(1));
    if (searchParams.get('signature') !== String(signature)) refuse(response, 403);
    else if (bytes === undefined) refuse(response, 404);
    else if (!broken(name, response)) serve(incoming, response, bytes, { etag: '"of the store"' }, cut(name));
  });
  const hub = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://hub');
    const name = `hub ${url.pathname}`;
    requests.push(name);
    if (broken(name, response)) return;
    if (token !== undefined && incoming.headers.authorization !== `Bearer ${token}`) {
      refuse(response, 401, 'RepoNotFound');
      return;
    }
    answer(incoming, response, url);
  });
  const [endpoint, elsewhere] = await Promise.all([listening(hub), listening(store)]);

  function answer(incoming: IncomingMessage, response: ServerResponse, url: URL): void {
    const parts = url.pathname.split('/').slice(1).map(decodeURIComponent);
    if (parts[0] === 'api') {
      const [, kind, organisation, model, action, revision = '', ...path] = parts;
      const name = `${organisation ?? ''}/${model ?? ''}`;
      const known = [...branches.keys()].some((key) => key.startsWith(`${name}@`));
      const commit = branches.get(`${name}@${revision}`) ?? revision;
      const files = commits.get(commit);
      if (kind !== 'models' || !known) refuse(response, 404, 'RepoNotFound');
      else if (files === undefined) refuse(response, 404, 'RevisionNotFound');
      else if (action === 'revision') json(response, { id: name, sha: commit });
      else list(response, url, files, path.join('/'));
      return;
    }
    if (parts[0] === 'cache') {
      const [, commit = '', ...path] = parts;
      const bytes = commits.get(commit)?.[path.join('/')];
      const headers = { etag: `"${oidOf(bytes ?? new Uint8Array())}"`, 'x-repo-commit': commit };
      if (bytes === undefined) refuse(response, 404, 'EntryNotFound');
      else serve(incoming, response, bytes, headers, cut(`hub ${url.pathname}`));
      return;
    }
    const [, , action, commit = '', ...path] = parts;
    const bytes = action === 'resolve' ? commits.get(commit)?.[path.join('/')] : undefined;
    if (bytes === undefined) refuse(response, 404, 'EntryNotFound');
    else if (bytes.length < largeFrom) {
      const location = `/cache/${commit}/${path.map(encodeURIComponent).join('/')}`;
      response.writeHead(307, { location, 'x-repo-commit': commit }).end();
    } else {
      const digest = sha256(bytes);
      large.set(digest, bytes);
      response
        .writeHead(302, {
          location: `${elsewhere}/${digest}?signature=${signature}`,
          'x-repo-commit': commit,
          'x-linked-etag': `"${digest}"`,
          'x-linked-size': String(bytes.length),
          ...changed(`hub ${url.pathname}`),
        })
        .end('moved');
    }
  }

  function list(response: ServerResponse, url: URL, files: HubFiles, folder: string): void {
    const root = folder === '' ? '' : `${folder}/`;
    const entries = Object.entries(files)
      .filter(([path]) => path.startsWith(root))
      .map(([path, bytes]) => ({
        type: 'file',
        path,
        size: bytes.length,
        oid: oidOf(bytes),
        ...(bytes.length < largeFrom
          ? {}
          : { lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 130 } }),
      }));
    if (folder !== '' && entries.length === 0) {
      refuse(response, 404, 'EntryNotFound');
      return;
    }
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const next = from + pageSize;
    url.searchParams.set('cursor', String(next));
    const link = `<${endpoint}${url.pathname}${url.search}>; rel="next"`;
    json(response, [{ type: 'directory', path: 'folder', size: 0, oid: 'x' }, ...entries.slice(from, next)], {
      ...(next < entries.length ? { link } : {}),
    });
  }

  /** The fault that hits a request of one of some kinds. */
  function take(name: string, kinds: readonly HubFault['kind'][]): HubFault | undefined {
    const index = faults.findIndex(
      ({ start, fault }) => name.startsWith(start) && kinds.includes(fault.kind),
    );
    return index === -1 ? undefined : faults.splice(index, 1)[0]?.fault;
  }

  function broken(name: string, response: ServerResponse): boolean {
    const fault = take(name, ['status', 'body']);
    if (fault?.kind === 'status') response.writeHead(fault.status, fault.headers).end('broken');
    if (fault?.kind === 'body')
      response.writeHead(200, { 'content-type': 'application/json' }).end(fault.text);
    return fault !== undefined;
  }

  function cut(name: string): HubFault | undefined {
    return take(name, ['truncate', 'reset']);
  }

  function changed(name: string): Record<string, string> {
    const fault = take(name, ['header']);
    return fault?.kind === 'header' ? { [fault.name]: fault.value } : {};
  }

  return {
    endpoint,
    requests,
    leaked,
    commit(model, files, branch = 'main') {
      const commit = randomBytes(20).toString('hex');
      commits.set(commit, files);
      branches.set(`${model}@${branch}`, commit);
      return commit;
    },
    name(model, commit, branch) {
      branches.set(`${model}@${branch}`, commit);
    },
    expire() {
      signature += 1;
    },
    inject(start, ...more) {
      faults.push(...more.map((fault) => ({ start, fault })));
    },
    async close() {
      await Promise.all(
        [hub, store].map((server) => {
          server.closeAllConnections();
          return new Promise((resolve) => server.close(resolve));
        }),
      );
    },
  };
}

function listening(server: ReturnType<typeof createServer>): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>>,
  fault: HubFault | undefined,
): void {
  const range = /^bytes=(\d+)-(\d+)$/.exec(incoming.headers.range ?? '');
  const [first, end] = range === null ? [0, bytes.length] : [Number(range[1]), Number(range[2]) + 1];
  if (range !== null && first >= bytes.length) {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const body = bytes.subarray(first, end);
  const ranged = { 'content-range': `bytes ${first}-${first + body.length - 1}/${bytes.length}` };
  if (fault?.kind === 'truncate') {
    response.writeHead(206, { ...headers, ...ranged }).end(body.subarray(0, fault.afterBytes));
    return;
  }
  const length = { 'content-length': String(body.length) };
  response.writeHead(range === null ? 200 : 206, {
    ...headers,
    ...length,
    ...(range === null ? {} : ranged),
  });
  if (fault?.kind === 'reset') response.write(body.subarray(0, fault.afterBytes), () => response.destroy());
  else response.end(body);
}

function json(
  response: ServerResponse,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, code?: string): void {
  response.writeHead(status, code === undefined ? {} : { 'x-error-code': code }).end('refused');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Digest of a blob, as git names it. */
function oidOf(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
