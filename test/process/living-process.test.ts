import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import type { RunOwner } from '../../src/model/run.js';
import { fateOf, thisProcess } from '../../src/process/living-process.js';
import { eventually } from '../support/eventually.js';

const self = thisProcess();
const statOf = (pid: number) =>
  readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ');
/** As the process would sign. */
const signOf = (pid: number): RunOwner => ({
  ...self,
  pid,
  startedAt: `${self.startedAt.split('/')[0]}/${statOf(pid)?.[19]}`,
});

it('a process is alive until it ends, and a later one with its id is another', async () => {
  const child = spawn('sleep', ['60']);
  const owner = signOf(child.pid ?? 0);
  expect(fateOf(owner, self)).toBe('alive');
  expect(fateOf({ ...owner, startedAt: `${owner.startedAt}0` }, self)).toBe('gone');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(fateOf(owner, self)).toBe('gone');
});

it('one that has ended is gone, though its parent has not asked for it', async () => {
  // The shell becomes a program that never asks for the child that the shell began.
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60']);
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [text] = await once(parent.stdout, 'data');
  const pid = Number(String(text));
  const owner = signOf(pid);
  expect(fateOf(owner, self)).toBe('alive');
  process.kill(pid, 'SIGKILL');
  await eventually(() => expect(statOf(pid)?.[0]).toBe('Z'));
  expect(fateOf(owner, self)).toBe('gone');
});

it('nothing is known of other hosts and containers, nor where nothing can be seen', () => {
  expect(self.host).toContain(`${hostname()} pid:[`);
  expect(fateOf({ ...self, host: 'another' }, self)).toBe('unknown');
  expect(fateOf({ ...self, host: `${hostname()} pid:[1]` }, self)).toBe('unknown');
  expect(fateOf({ ...self, startedAt: '' }, self)).toBe('unknown');
  expect(fateOf(self, { ...self, startedAt: '' })).toBe('unknown');
  // As earlier versions signed.
  expect(fateOf({ ...self, host: hostname() }, self)).toBe('alive');
});
