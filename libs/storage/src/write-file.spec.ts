import { mkdtemp, open, readdir, readFile, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessDenied, ObjectMissing, StorageFull, StorageUnavailable } from '@jokbo/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileFailure } from './file-errors.js';
import { isUnfinished, writeFileAtomically } from './write-file.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-write-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('writeFileAtomically', () => {
  it.each(['write', 'sync', 'close'] as const)(
    'leaves the old file and nothing else when %s fails',
    async (step) => {
      const path = join(folder, 'x');
      await writeFile(path, 'old');
      let during: string[] = [];
      const failing = async (name: string, flags: string): Promise<FileHandle> => {
        const handle = await open(name, flags);
        const real = handle[step].bind(handle);
        Object.assign(handle, {
          [step]: async () => {
            during = await readdir(folder);
            if (step === 'close') await (real as () => Promise<void>)();
            throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
          },
        });
        return handle;
      };
      await expect(writeFileAtomically(path, Buffer.from('new'), undefined, failing)).rejects.toThrow(
        'no space',
      );
      expect(during.filter(isUnfinished)).toHaveLength(1);
      expect(await readdir(folder)).toEqual(['x']);
      expect(await readFile(path, 'utf8')).toBe('old');
    },
  );

  it('leaves nothing when the name is taken by a folder', async () => {
    await expect(writeFileAtomically(folder, Buffer.from('x'))).rejects.toThrow();
    expect((await readdir(join(folder, '..'))).filter(isUnfinished)).toEqual([]);
  });

  it('stops when aborted between pieces', async () => {
    const stop = new AbortController();
    const aborting = async (name: string, flags: string): Promise<FileHandle> => {
      const handle = await open(name, flags);
      stop.abort(new Error('enough'));
      return handle;
    };
    await expect(
      writeFileAtomically(join(folder, 'x'), Buffer.from('new'), stop.signal, aborting),
    ).rejects.toThrow('enough');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('fileFailure', () => {
  it.each([
    ['ENOSPC', StorageFull],
    ['EDQUOT', StorageFull],
    ['EACCES', AccessDenied],
    ['EROFS', AccessDenied],
    ['ENOENT', ObjectMissing],
    ['ENOTDIR', ObjectMissing],
    ['EIO', StorageUnavailable],
    ['EMFILE', StorageUnavailable],
  ])('names %s', (code, type) => {
    const cause = Object.assign(new Error(code), { code });
    const error = fileFailure(cause, 'file:///x');
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ cause, object: 'file:///x' });
    expect(fileFailure(error, 'file:///y')).toBe(error);
  });
});
