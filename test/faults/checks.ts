/** What must hold of a folder, whatever happened in it before. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputState, OutputStore } from '../../src/core/ports/output.js';
import { isSpoolName, parseStagedName, type StateFolder } from '../../src/output/state-folder.js';
import { commit, day, listFolder, rowsOf, type Table } from '../output/place.js';
import type { Scenario } from './scenarios.js';

/** A broken invariant; its message says which. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

export function must(holds: boolean, invariant: string): asserts holds {
  if (!holds) throw new Broken(invariant);
}

export async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

/** A reader sees one committed version, whole. */
export async function checkReadable(scenario: Scenario, folder: StateFolder): Promise<void> {
  const text = await textOf(folder.output);
  must(scenario.versions.includes(text), `a reader sees ${JSON.stringify(text)}`);
}

/** What was not ours is the output still, or kept. */
export async function checkForeignKept(scenario: Scenario, folder: StateFolder): Promise<void> {
  await checkForeignIn(scenario, [folder.output, ...(await backupsOf(folder))]);
}

/** The same before a look has recovered what a stop left: it may also lie where it was exchanged to. */
export async function checkForeignThere(scenario: Scenario, folder: StateFolder): Promise<void> {
  const staged = (await listFolder(folder.staged).catch(() => []))
    .filter((name) => parseStagedName(name)?.isLink)
    .map((name) => join(folder.staged, name));
  await checkForeignIn(scenario, [folder.output, ...(await backupsOf(folder)), ...staged]);
}

async function checkForeignIn({ foreign }: Scenario, paths: readonly string[]): Promise<void> {
  const kept = await Promise.all(paths.map((path) => textOf(path)));
  for (const text of foreign) must(kept.includes(text), 'a foreign output is lost');
}

async function backupsOf(folder: StateFolder): Promise<string[]> {
  return (await listFolder(folder.backup).catch(() => []))
    .filter((name) => name.endsWith('.csv'))
    .map((name) => join(folder.backup, name));
}

/** Of the ledger, as it lies there. */
export async function headOf(folder: StateFolder): Promise<number> {
  const names = (await listFolder(folder.commits).catch(() => [])).sort();
  return Number.parseInt(names.filter((name) => name.endsWith('.json')).at(-1) ?? '0', 10);
}

/**
 * The output is what the head record says, and no day is damaged. While nothing was committed since
 * `startHead`, it may be what someone else wrote.
 */
export async function checkSound(
  scenario: Scenario,
  folder: StateFolder,
  state: OutputState,
  startHead: number,
): Promise<void> {
  const text = await textOf(folder.output);
  const untouched = text === null || scenario.foreign.includes(text) || state.version === 0;
  if (state.version === startHead && untouched) return;
  must(state.described, 'the output is not what the head record says');
  const isEdited = scenario.foreign.some((each) => each !== text) && startHead > 0;
  for (const [name, { damage }] of state.ledger) {
    must(damage === null || isEdited, `day ${name} is ${damage}`);
  }
}

/** What the default run would do: days that lack, differ or are marked are made anew. */
export async function runAgain(scenario: Scenario, store: OutputStore) {
  const state = await store.look();
  const table: Table = {};
  for (const [name, hours] of Object.entries(scenario.table)) {
    if (await isPending(scenario, store, state, name)) table[name] = hours;
  }
  const mark = scenario.mark.filter((name) => state.ledger.get(day(name))?.reprocess !== true);
  return commit(store, table, mark);
}

async function isPending(scenario: Scenario, store: OutputStore, state: OutputState, name: string) {
  const wanted = await store.encode(day(name), rowsOf(scenario.table[name]));
  const entry = state.ledger.get(day(name));
  if (entry === undefined || entry.reprocess || entry.damage !== null) return true;
  const found = state.days.get(day(name))?.sha256;
  return wanted.rows === 0 ? found !== undefined : found !== wanted.sha256;
}

/** After the work is done again: exactly the right bytes, and one record a version. */
export async function checkDone(
  scenario: Scenario,
  folder: StateFolder,
  state: OutputState,
): Promise<void> {
  const text = await textOf(folder.output);
  must(text === scenario.versions.at(-1), `the work done again gives ${JSON.stringify(text)}`);
  must(state.described, 'the output is not what the head record says in the end');
  for (const name of scenario.mark) {
    must(state.ledger.get(day(name))?.reprocess === true, `the mark of day ${name} is lost`);
  }
  await checkConsecutive(folder, state.version);
}

/** The next commit adds its day, and leaves nothing behind of what was disturbed before it. */
export async function checkNext(
  scenario: Scenario,
  folder: StateFolder,
  store: OutputStore,
): Promise<void> {
  const result = await commit(store, { 99: { 0: { next: 1 } } });
  must(result.kind === 'committed' && result.unpublished === null, 'the next commit fails');
  // What was adopted as it lay there is still theirs, and kept when it is replaced.
  const isTheirs = scenario.foreign.includes(scenario.versions.at(-1) ?? '');
  const untold = result.warnings.filter((text) => !isTheirs || !text.includes('it is kept as'));
  must(untold.length === 0, `the next commit warns: ${untold.join()}`);
  const text = await textOf(folder.output);
  must(text === `${scenario.versions.at(-1)}99,0,next,1\n`, `the next commit gives ${text}`);
  await checkConsecutive(folder, result.version);
  await checkTidy(folder, result.version);
  await checkForeignKept(scenario, folder);
  await checkOnlyForeignKept(scenario, folder);
}

/** One record a version, no copies, and nothing staged of versions up to the head. */
export async function checkLeftovers(folder: StateFolder, state: OutputState): Promise<void> {
  await checkConsecutive(folder, state.version);
  await checkTidy(folder, state.version);
  const copies = await backupsOf(folder);
  must(copies.length === 0, `backup/ holds ${copies.length} copies of our own versions`);
}

async function checkConsecutive(folder: StateFolder, head: number): Promise<void> {
  const versions = (await listFolder(folder.commits))
    .filter((name) => name.endsWith('.json'))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
  const first = Math.max(1, head - 49);
  const expected = Array.from({ length: head - first + 1 }, (_, index) => first + index);
  must(versions.join() === expected.join(), `the ledger holds versions ${versions.join()}`);
}

async function checkTidy(folder: StateFolder, head: number): Promise<void> {
  for (const name of await listFolder(folder.staged)) {
    const staged = parseStagedName(name);
    must(staged === null || staged.version > head, `staged/${name} is left behind`);
    must(!isSpoolName(name), `staged/${name} kept its name`);
  }
  for (const name of await listFolder(folder.commits)) {
    must(!name.endsWith('.tmp') || Number(/\d+/.exec(name)) > head, `commits/${name} is left`);
  }
}

/** Copies are kept of what was not ours, and of nothing else. */
async function checkOnlyForeignKept(scenario: Scenario, folder: StateFolder): Promise<void> {
  for (const path of await backupsOf(folder)) {
    const text = await textOf(path);
    must(
      text !== null && scenario.foreign.includes(text),
      `backup/ holds a copy of our own version: ${JSON.stringify(text)}`,
    );
  }
}
