import { AccessDenied, StorageFull, UsageError } from '@jokbo/contracts';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.js';
import { checkOutput, writeObject } from './output-file.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jokbo-output-'));
});
afterAll(() => rm(folder, { recursive: true }));

const text = Buffer.from('text');

describe('writeObject', () => {
  it('writes a file whole, leaves nothing beside it, and overwrites', async () => {
    const path = join(folder, 'new/file.txt');
    await writeObject(path, Buffer.from('longer than before'));
    await writeObject(path, text);
    expect(await readFile(path, 'utf8')).toBe('text');
    expect(await readdir(join(folder, 'new'))).toEqual(['file.txt']);
  });

  it('writes what a link names, and leaves the link', async () => {
    await mkdir(join(folder, 'real'));
    await writeFile(join(folder, 'real/target'), 'old');
    await symlink(join(folder, 'real/target'), join(folder, 'link'));
    await writeObject(join(folder, 'link'), text);
    expect(await readFile(join(folder, 'real/target'), 'utf8')).toBe('text');
  });

  it('writes to a device instead of replacing it', async () => {
    await writeObject('/dev/null', text);
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
    await expect(writeObject('/dev/full', text)).rejects.toThrow(StorageFull);
  });

  it('stops at an abort and leaves what was there', async () => {
    const path = join(folder, 'kept');
    await writeFile(path, 'kept');
    await expect(writeObject(path, text, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    expect(await readFile(path, 'utf8')).toBe('kept');
  });
});

describe('checkOutput', () => {
  it('refuses a folder, and what lies below a file', async () => {
    await writeFile(join(folder, 'plain'), '');
    await expect(checkOutput(folder)).rejects.toThrow(UsageError);
    await expect(checkOutput(join(folder, 'plain/x/y'))).rejects.toThrow(UsageError);
    await expect(checkOutput('ftp://host/x')).rejects.toThrow(UsageError);
  });

  it('lets standard output, new files and objects pass', async () => {
    for (const output of [undefined, '-', join(folder, 'a/b/c'), 's3://bucket/key'])
      await checkOutput(output);
    expect((await stat(join(folder, 'a/b'))).isDirectory()).toBe(true);
  });
});

describe('makeFolder', () => {
  it.runIf(process.platform === 'linux')('ends where a file system makes no folders', async () => {
    await expect(makeFolder('/proc/jokbo/x')).rejects.toThrow(/\/proc\/jokbo/);
    await expect(makeFolder('/proc/jokbo/x')).rejects.toSatisfy(
      (error) => error instanceof UsageError || error instanceof AccessDenied,
    );
  });

  it('is content with a folder that is there', async () => {
    await makeFolder(folder);
    await makeFolder(folder);
  });
});
