// Loaded before `jokbo` (NODE_OPTIONS=--require): writes down what the process reads, writes, renames and starts,
// and ends it by SIGKILL at the one point that KILL_SWITCH names. Every thread appends to the same journal, so
// points are counted over all of them.
'use strict';

const childProcess = require('node:child_process');
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { Socket } = require('node:net');

const { journal, kill } = JSON.parse(process.env.KILL_SWITCH);
const doomed = kill === undefined ? null : { ...kill, about: new RegExp(kill.about) };
const own = { appendFileSync: fs.appendFileSync, readFileSync: fs.readFileSync, writeSync: fs.writeSync };

const matches = (entry) => entry.event === doomed.event && doomed.about.test(entry.about);

/** Writes an event down, and says whether it is the one. */
function record(entry) {
  own.appendFileSync(journal, `${JSON.stringify(entry)}\n`);
  if (doomed === null || !matches(entry)) return false;
  const entries = own.readFileSync(journal, 'utf8').trimEnd().split('\n');
  return entries.map((line) => JSON.parse(line)).filter(matches).length >= doomed.nth;
}

function end() {
  process.kill(process.pid, 'SIGKILL');
}

const { open, rename } = fs.promises;
fs.promises.open = async (path, ...rest) => {
  const handle = await open(path, ...rest);
  const { read, write } = handle;
  handle.read = (into, offset, length, position) => {
    record({ event: 'read', about: String(path), start: position, length });
    return read.call(handle, into, offset, length, position);
  };
  handle.write = (bytes, offset, length, position) => {
    if (record({ event: 'write', about: String(path), length })) {
      own.writeSync(handle.fd, bytes, offset, length >> 1, position);
      end();
    }
    return write.call(handle, bytes, offset, length, position);
  };
  return handle;
};
fs.promises.rename = async (from, to) => {
  await rename(from, to);
  if (record({ event: 'rename', about: String(to) })) end();
};

const { execFile } = childProcess;
childProcess.execFile = (file, args, ...rest) => {
  const child = execFile(file, args, ...rest);
  if (record({ event: 'start', about: [file, ...args].join(' ') })) end();
  return child;
};

if (doomed?.event === 'send') {
  const { write: send } = Socket.prototype;
  Socket.prototype.write = function (data, ...rest) {
    if (record({ event: 'send', about: Buffer.from(data).toString('latin1') })) end();
    return send.call(this, data, ...rest);
  };
}

syncBuiltinESMExports();
