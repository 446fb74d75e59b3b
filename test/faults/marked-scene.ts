/** What tests of killed and of frozen processes share: raw days, the other processes, the count of what was tried. */
import { cp, mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { OutputState } from '../../src/core/ports/output.js';
import type { Run } from '../../src/model/run.js';
import type { StateFolder } from '../../src/output/state-folder.js';
import { outputHeader, rawText } from '../support/service.js';
import { must } from './checks.js';
import { quickDisk } from './faulty-disks.js';
import { type MarkedRun, startMarked } from './marked-process.js';
import { quickStore } from './scenarios.js';
import { runOnce } from './service-run.js';

/** What is told of it is added up, and printed at the end as a soak reads it. */
export function createTally(name: string): (tried: number) => void {
  let total = 0;
  afterAll(() => {
    process.stdout.write(`soak: ${name}=${total}\n`);
  });
  return (tried) => {
    total += tried;
  };
}

/**
 * The file comes whole, whoever looks meanwhile. With as many items as before it has the size and the mtime
 * that it had: the day has not changed.
 */
/** With the times of its files, which tell whether they changed. */
export async function copyOf(template: string, place: string): Promise<string> {
  await cp(template, place, { recursive: true, preserveTimestamps: true });
  return place;
}

export async function land(root: string, day: string, items: number): Promise<void> {
  const folder = join(root, 'raw', day);
  const part = join(folder, '_part');
  await mkdir(folder, { recursive: true });
  await writeFile(part, rawText([[8, { milk: items }]]));
  await utimes(part, items, items);
  await rename(part, join(folder, 'orders.csv'));
}

/** Of days that landed with so many items. */
export function outputOf(items: Readonly<Record<string, number>>): string {
  const rows = Object.entries(items).map(([day, count]) => `${day},8,milk,${count}\n`);
  return outputHeader + rows.join('');
}

/** The default run of a process that nothing happens to. */
export async function runWell(root: string): Promise<Run> {
  const run = await runOnce(root, quickDisk);
  must(run.status === 'succeeded', `another process: ${JSON.stringify(run.error)}`);
  return run;
}

/** A clean run, and the operations that it does. */
export async function runMarked(root: string): Promise<MarkedRun> {
  const run = await startMarked(root).ended();
  must(run !== null, 'it was killed');
  return run;
}

export async function checkDescribed(folder: StateFolder): Promise<OutputState> {
  const state = await (await quickStore(folder)).look();
  must(state.described, 'the output is not what the head record says');
  return state;
}
