import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { folderBuckets, memoryBuckets, type Buckets } from './buckets.js';
import { createFaultQueue, type Fault, type Injection } from './fault.js';
import { answerGet } from './get-answer.js';
import { listAnswer } from './list-answer.js';
import { errorXml, S3Error } from './s3-error.js';
import { parseRequest, type S3Request } from './s3-request.js';
import { verifySignature, type S3Credentials } from './signature.js';
import { uploadedBytes } from './upload-body.js';

/** What the server serves, and to whom. */
export interface S3ServerOptions {
  readonly credentials: S3Credentials | readonly S3Credentials[];
  /** Folder with one folder per bucket. Without it the objects are in memory. */
  readonly root?: string;
  /** Buckets in memory that exist from the start, besides those of `objects`. */
  readonly buckets?: readonly string[];
  /** Objects from the start, by `bucket/key`. */
  readonly objects?: Readonly<Record<string, Uint8Array>>;
  /** Keys per page of a listing. Default 1,000, as in S3. */
  readonly pageSize?: number;
}

/** A running S3 server on the loopback interface, for tests. */
export interface S3Server {
  /** `http://127.0.0.1:<port>`, for path style. */
  readonly endpoint: string;
  /** Every request so far, in order of arrival, refused ones included. */
  readonly requests: readonly S3Request[];
  /** Stores an object at `bucket/key`; creates the bucket. */
  put(path: string, bytes: Uint8Array): Promise<void>;
  /** Like put, but throws when there is no such object. */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** The bytes at `bucket/key`, or undefined. */
  get(path: string): Promise<Uint8Array | undefined>;
  inject(injection: Injection): void;
  /** Number of connections that are open now. */
  connections(): Promise<number>;
  /** Ends every connection. */
  close(): Promise<void>;
}

/**
 * Starts a server that knows GetObject, HeadObject, PutObject, DeleteObject and ListObjectsV2, verifies
 * signatures and uploads, and makes the faults that are injected. For tests: not for data worth keeping.
 */
export async function startS3Server(options: S3ServerOptions): Promise<S3Server> {
  const buckets =
    options.root === undefined ? memoryBuckets(options.buckets ?? []) : folderBuckets(options.root);
  const accepted = [options.credentials].flat();
  const faults = createFaultQueue();
  const requests: S3Request[] = [];
  const put = async (path: string, bytes: Uint8Array) => {
    await buckets.put(...splitPath(path), bytes);
  };
  for (const [path, bytes] of Object.entries(options.objects ?? {})) await put(path, bytes);

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = parseRequest(incoming);
      requests.push(request);
      const fault = faults.take(request);
      if (fault?.kind === 'silence') return;
      const body = await collect(incoming);
      if (fault?.kind === 'status') throw new S3Error(fault.status, fault.code ?? 'InternalError');
      if (fault?.kind === 'replace') await buckets.put(request.bucket, request.key, fault.bytes);
      verifySignature(request.method, incoming.url ?? '/', request.headers, accepted);
      await answer(request, body, response, fault, buckets, options.pageSize ?? 1_000);
    } catch (error) {
      answerError(error, incoming, response);
    }
  }

  const server = createServer((incoming, response) => void handle(incoming, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    put,
    async replace(path, bytes) {
      const held = await buckets.get(...splitPath(path));
      if (held === undefined) throw new S3Error(404, 'NoSuchKey', path);
      await held.close();
      await put(path, bytes);
    },
    async get(path) {
      const held = await buckets.get(...splitPath(path));
      try {
        return await held?.read(0, held.size);
      } finally {
        await held?.close();
      }
    },
    inject: (injection) => faults.add(injection),
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: S3Request,
  body: Buffer,
  response: ServerResponse,
  fault: Fault | undefined,
  buckets: Buckets,
  pageSize: number,
): Promise<void> {
  const { method, bucket, key } = request;
  if (!(await buckets.has(bucket))) throw new S3Error(404, 'NoSuchBucket');
  if (key === '') {
    if (method !== 'GET') throw new S3Error(405, 'MethodNotAllowed');
    response.setHeader('content-type', 'application/xml');
    response.end(await listAnswer(buckets, request, pageSize));
  } else if (method === 'PUT') {
    response.setHeader('etag', await buckets.put(bucket, key, uploadedBytes(body, request.headers)));
    response.end();
  } else if (method === 'DELETE') {
    await buckets.remove(bucket, key);
    response.statusCode = 204;
    response.end();
  } else if (method === 'GET' || method === 'HEAD') {
    const object = await buckets.get(bucket, key);
    if (object === undefined) throw new S3Error(404, 'NoSuchKey');
    try {
      await answerGet(request, object, response, fault);
    } finally {
      await object.close();
    }
  } else {
    throw new S3Error(405, 'MethodNotAllowed');
  }
}

function answerError(error: unknown, incoming: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = error instanceof S3Error ? error : new S3Error(500, 'InternalError', String(error));
  response.statusCode = known.status;
  response.setHeader('content-type', 'application/xml');
  response.end(incoming.method === 'HEAD' ? undefined : errorXml(known, incoming.url ?? ''));
}

async function collect(incoming: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

function splitPath(path: string): [bucket: string, key: string] {
  const slash = path.indexOf('/');
  if (slash < 1) throw new S3Error(400, 'InvalidRequest', `${path} is not bucket/key`);
  return [path.slice(0, slash), path.slice(slash + 1)];
}
