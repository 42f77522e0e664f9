import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FLEET_SEARCH_ATTRIBUTES } from '@jokbo/contracts';
import { findTemporal, startTemporal } from '@jokbo/tools/servers';
import { findValidator } from '@jokbo/tools/validators';
import { Connection } from '@temporalio/client';
import { describe, expect, it, type TestContext } from 'vitest';
import { parsedWorker } from './parsed-worker.js';
import { runProgram } from './run-program.js';

const FOLDER = fileURLToPath(new URL('../../../infra/compose/', import.meta.url));

const NOTHING_MADE = { make: false, say: () => undefined };

/** Milliseconds that a script may take to wait for a server where many processes share few cores. */
const SCRIPT_LIMIT_MS = 120_000;

interface Service {
  readonly command?: readonly string[];
  readonly image: string;
  readonly ports?: readonly { readonly host_ip?: string }[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly depends_on?: object;
  readonly environment?: Readonly<Record<string, string>>;
}

interface Project {
  readonly services: Readonly<Record<string, Service>>;
}

/** The compose file as the specification's own reader understands it; a skipped test without that. */
async function projectOf(context: TestContext): Promise<Project> {
  const compose = await findValidator('compose', NOTHING_MADE);
  if (compose === null) return context.skip('no check of compose files: npm run provision makes one');
  const args = ['-no-interpolation', '-format', 'json', 'compose.yaml'];
  const { status, stdout, stderr } = await runProgram(compose, args, { cwd: FOLDER });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Project;
}

describe('the compose file', () => {
  it('has what a fleet needs', async (context) => {
    expect(Object.keys((await projectOf(context)).services).sort()).toEqual([
      'postgres',
      's3',
      's3-folders',
      'temporal',
      'temporal-namespace',
      'temporal-schema',
      'web',
      'worker-cpu',
      'worker-workflow',
    ]);
  });

  it('starts workers with arguments that they know', async (context) => {
    const { services } = await projectOf(context);
    for (const role of ['workflow', 'cpu']) {
      const [program, ...args] = services[`worker-${role}`]?.command ?? [];
      expect(program).toBe('jokbo-worker');
      expect((await parsedWorker(args)).role).toEqual([role]);
    }
  });

  it('has workers of one host divide it, with all that the others know', async (context) => {
    const { services } = await projectOf(context);
    const [alike, single] = [services['worker-cpu'], services['worker-workflow']];
    expect(alike?.environment).toEqual({ ...single?.environment, JOKBO_SHARE: '${WORKERS:-1}' });
  });

  it('opens ports to this host alone', async (context) => {
    const ports = Object.values((await projectOf(context)).services).flatMap(
      (service) => service.ports ?? [],
    );
    expect(ports.map((port) => port.host_ip)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
  });

  it('lets what is ours write to nothing, and keeps no rights', async (context) => {
    const { services } = await projectOf(context);
    const ours = Object.values(services).filter(({ image }) => image.includes('JOKBO_IMAGE'));
    expect(ours).toHaveLength(3);
    for (const service of ours) expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it('asks for each secret that the example names, and for no other', async () => {
    const text = await readFile(join(FOLDER, 'compose.yaml'), 'utf8');
    const example = await readFile(join(FOLDER, '.env.example'), 'utf8');
    const asked = [...text.matchAll(/\$\{([A-Z0-9_]+):\?/g)].map(([, name]) => name);
    const named = [...example.matchAll(/^([A-Z0-9_]+)=$/gm)].map(([, name]) => name);
    expect([...new Set(asked)].sort()).toEqual(named.sort());
    expect(text).not.toMatch(/\$\{[A-Z0-9_]*(?:PASSWORD|KEY)[A-Z0-9_]*(?::-|\})/);
  });
});

describe('the script of the namespace', () => {
  it(
    'makes it with the search attributes of audits, and again changes nothing',
    {
      timeout: SCRIPT_LIMIT_MS,
    },
    async (context) => {
      const found = await findTemporal(NOTHING_MADE);
      if (found === null || !('executable' in found)) {
        return context.skip('no Temporal server of our own: npm run provision makes one');
      }
      const folder = await mkdtemp(join(tmpdir(), 'jokbo compose '));
      const server = await startTemporal({ found, file: join(folder, 'histories.db'), namespace: 'another' });
      try {
        await symlink(found.executable, join(folder, 'temporal'));
        const env = {
          PATH: `${folder}:${process.env['PATH'] ?? ''}`,
          HOME: folder,
          TEMPORAL_ADDRESS: server.address,
        };
        for (const time of ['first', 'second']) {
          const script = join(FOLDER, 'temporal-namespace.sh');
          const { status, stderr } = await runProgram('sh', [script], { env });
          expect(status, `${time}: ${stderr}`).toBe(0);
        }
        const connection = await Connection.connect({ address: server.address });
        const { customAttributes } = await connection.operatorService.listSearchAttributes({
          namespace: 'jokbo',
        });
        await connection.close();
        expect(Object.keys(customAttributes)).toEqual(
          expect.arrayContaining(Object.keys(FLEET_SEARCH_ATTRIBUTES)),
        );
      } finally {
        await server.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
});

it.each(['create-databases.sh', 'temporal-schema.sh', 'temporal-namespace.sh'])(
  'sh reads %s',
  async (name) => {
    const { status, stderr } = await runProgram('sh', ['-n', join(FOLDER, name)]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  },
);
