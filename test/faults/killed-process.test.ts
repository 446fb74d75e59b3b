/**
 * SIGKILL for real: a process kills itself at each operation of a whole run, run records and all, as a clean
 * run was seen to do them. The next process must bring the right bytes, and keep what was not ours.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { makeTempDir } from '../support/temp-dir.js';
import { checkLeftovers, must, textOf } from './checks.js';
import { eachAtOnce } from './each-at-once.js';
import {
  isChange,
  isMove,
  type Mark,
  type MarkedOperation,
  shown,
  startMarked,
} from './marked-process.js';
import {
  checkDescribed,
  copyOf,
  createTally,
  land,
  outputOf,
  runMarked,
  runWell,
} from './marked-scene.js';
import { folderIn } from './service-run.js';
import { manyCasesMs, shareOf, soak } from './soak.js';

vi.setConfig({ testTimeout: manyCasesMs });

const countKills = createTally('killsAtAnOperation');

const first = outputOf({ 0: 2, 1: 3 });
const done = outputOf({ 0: 2, 1: 30, 2: 4 });
const edited = first.replace('milk,2', 'milk,9');

interface Situation {
  readonly name: string;
  /** Days have been processed, and others came or changed since. */
  prepare(root: string): Promise<void>;
  readonly before: string | null;
  readonly foreign: string | null;
}

async function prepareSecondRun(root: string): Promise<void> {
  await land(root, '0', 2);
  await land(root, '1', 3);
  await runWell(root);
  await prepareDays(root);
}

async function prepareDays(root: string): Promise<void> {
  await land(root, '0', 2);
  await land(root, '1', 30);
  await land(root, '2', 4);
}

const situations: readonly Situation[] = [
  { name: 'the first run of all', prepare: prepareDays, before: null, foreign: null },
  {
    name: 'a run over an earlier one',
    prepare: prepareSecondRun,
    before: first,
    foreign: null,
  },
  {
    name: 'a run over what someone else wrote',
    prepare: async (root) => {
      await prepareSecondRun(root);
      const { output } = folderIn(root);
      await writeFile(`${output}.edited`, edited);
      await rename(`${output}.edited`, output);
    },
    before: edited,
    foreign: edited,
  },
];

describe.each(situations)('$name', (situation) => {
  it('is finished by the next process, wherever the first one is killed', async () => {
    const root = await makeTempDir();
    const template = join(root, 'template');
    await mkdir(template);
    await situation.prepare(template);
    const clean = await copyOf(template, join(root, 'clean'));
    const run = await runMarked(clean);
    expect([run.status, await textOf(folderIn(clean).output)]).toEqual(['succeeded', done]);

    const marks = shareOf(run.operations.flatMap((each) => marksOf(situation, each)));
    expect(marks.length).toBeGreaterThan(5);
    const failures = await eachAtOnce(
      marks,
      async (mark, index) => {
        const place = await copyOf(template, join(root, String(index)));
        await killAndFollow(situation, place, mark);
        await rm(place, { recursive: true });
      },
      ({ at, moment }) => `${moment} ${shown(run.operations[at] as MarkedOperation)}`,
    );
    countKills(marks.length);
    expect(failures).toEqual([]);
  });
});

/**
 * To die before an operation is to die after the one before it; the long variant does both, of each. The
 * short one takes every change of the last situation, and of the others those that move files.
 */
function marksOf(situation: Situation, operation: MarkedOperation): Mark[] {
  const at = operation.index;
  const after: Mark = { at, moment: 'after', signal: 'SIGKILL' };
  if (soak) return [{ ...after, moment: 'before' }, after];
  const counts = situation === situations.at(-1) ? isChange : isMove;
  return counts(operation) ? [after] : [];
}

async function killAndFollow(
  { before, foreign }: Situation,
  root: string,
  mark: Mark,
): Promise<void> {
  const folder = folderIn(root);
  must((await startMarked(root, mark).ended()) === null, 'it was not killed');
  const text = await textOf(folder.output);
  must(text === before || text === done, `a reader sees ${JSON.stringify(text)}`);
  // Where it was exchanged to, it waits for the next process.
  await checkKept(root, foreign, ['backup', 'staged']);

  const next = await runWell(root);
  must((await textOf(folder.output)) === done, 'the next run gives other bytes');
  must((await textOf(folder.checkpoint)) === '2\n', 'the checkpoint is not in sync');
  await checkKept(root, foreign);
  const state = await checkDescribed(folder);
  if (foreign === null && next.commit !== null) await checkLeftovers(folder, state);
  await checkHistory(folder.runs);
}

async function checkKept(
  root: string,
  foreign: string | null,
  folders: readonly ('backup' | 'staged')[] = ['backup'],
): Promise<void> {
  if (foreign === null) return;
  const { output, ...folder } = folderIn(root);
  const copies = await Promise.all(
    folders.map(async (name) => {
      const found = await readdir(folder[name]).catch(() => []);
      return found.map((each) => join(folder[name], each));
    }),
  );
  const texts = await Promise.all([output, ...copies.flat()].map((path) => textOf(path)));
  must(texts.includes(foreign), 'what someone else wrote is lost');
}

/** No run of a process that is gone seems to go on. */
async function checkHistory(runs: string): Promise<void> {
  for (const name of (await readdir(runs)).filter((each) => each.endsWith('.json'))) {
    const { run } = JSON.parse(await readFile(join(runs, name), 'utf8'));
    must(['succeeded', 'interrupted'].includes(run.status), `${name} is ${run.status}`);
  }
}
