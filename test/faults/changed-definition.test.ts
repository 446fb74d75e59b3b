/**
 * A definition that changes the output's columns, by processes that are killed or frozen at each operation, beside
 * others with the former definition. A reader sees one of both, whole, and never a file of mixed columns.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { outputHeader } from '../support/service.js';
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
import { checkDescribed, copyOf, land, outputOf, runMarked } from './marked-scene.js';
import { folderIn } from './service-run.js';
import { manyCasesMs, shareOf, soak } from './soak.js';

vi.setConfig({ testTimeout: manyCasesMs });

const items = { 0: 1, 1: 2, 2: 3 };
const former = outputOf(items);
const inPieces = (text: string) =>
  text.replace(outputHeader, outputHeader.replace('items_count', 'pieces'));
const changed = inPieces(former);

/** Not of the start, before which a process knows no columns, nor of word to cancel, which comes by the clock. */
const isOfTheRun = ({ paths }: MarkedOperation) =>
  !paths.some((path) => path.includes('.daymark-probe') || path.endsWith('.cancel'));
const isStaging = ({ name, paths }: MarkedOperation) =>
  name === 'create' && paths.some((path) => path.includes('/staged/'));

async function prepare(root: string): Promise<string> {
  await mkdir(root, { recursive: true });
  for (const [day, count] of Object.entries(items)) await land(root, day, count);
  await runMarked(root);
  return root;
}

async function runWith(root: string, value?: string) {
  const run = await startMarked(root, undefined, value).ended();
  must(run !== null, 'it was killed');
  return run;
}

async function changeWell(root: string): Promise<void> {
  const { status, error } = await runWith(root, 'pieces');
  must(status === 'succeeded', `the change ends as ${status}: ${JSON.stringify(error)}`);
  must((await textOf(folderIn(root).output)) === changed, 'the change gives other bytes');
}

describe('a process that is killed while it changes the columns', () => {
  it('leaves one version or the other, which the next one of either definition takes up', async () => {
    const root = await makeTempDir();
    const template = await prepare(join(root, 'template'));
    const copyTo = (name: string) => copyOf(template, join(root, name));
    const { operations } = await runWith(await copyTo('clean'), 'pieces');
    const all = operations.filter((each) => isOfTheRun(each) && (soak || isChange(each)));
    const tried = shareOf(all);
    expect(tried.length).toBeGreaterThan(5);
    const failures = await eachAtOnce(
      tried,
      async ({ index }) => {
        const place = await copyTo(String(index));
        const mark: Mark = { at: index, moment: 'after', signal: 'SIGKILL' };
        must((await startMarked(place, mark, 'pieces').ended()) === null, 'it was not killed');
        await takeUp(place, index);
        await rm(place, { recursive: true });
      },
      shown,
    );
    expect(failures).toEqual([]);
  });
});

/** By turns: goes on, goes back, or goes on without the ledger and the checkpoint. */
async function takeUp(root: string, index: number): Promise<void> {
  const folder = folderIn(root);
  const seen = await textOf(folder.output);
  must(seen === former || seen === changed, `a reader sees ${JSON.stringify(seen)}`);
  if (index % 3 === 0) await rm(folder.root, { recursive: true });
  if (index % 3 === 1) {
    await runMarked(root);
    must((await textOf(folder.output)) === former, 'going back gives other bytes');
    await checkLeftovers(folder, await checkDescribed(folder));
    return;
  }
  if (index % 3 === 0 && seen === former) {
    // No record explains the former columns any more: refused, and whole under the former definition.
    const refused = await startMarked(root, undefined, 'pieces').ended().catch(String);
    must(String(refused).includes('the header is'), `it is not refused: ${refused}`);
    await runMarked(root);
    must((await textOf(folder.output)) === former, 'the former definition gives other bytes');
    return;
  }
  await changeWell(root);
}

describe('a process with the former definition that is frozen while another one changes the columns', () => {
  it('overwrites nothing when it goes on, mixes nothing, and says that it was overtaken', async () => {
    const root = await makeTempDir();
    const prepared = async (name: string) => {
      const place = await prepare(join(root, name));
      await land(place, '3', 4);
      return place;
    };
    const { operations } = await runMarked(await prepared('clean'));
    const tried = operations.filter(
      (each) => isOfTheRun(each) && (isMove(each) || isStaging(each)),
    );
    expect(tried.length).toBeGreaterThan(3);
    let overtaken = 0;
    const failures = await eachAtOnce(
      tried,
      async ({ index }) => {
        const place = await prepared(String(index));
        const mark: Mark = { at: index, moment: 'before', signal: 'SIGSTOP' };
        const { child, stopped, ended } = startMarked(place, mark);
        onTestFinished(() => void child.kill('SIGKILL'));
        await stopped();
        const other = await runWith(place, 'pieces');
        must(other.status === 'succeeded', `the other one ends as ${other.status}`);
        child.kill('SIGCONT');
        const answer = await ended();
        const wanted = inPieces(outputOf({ ...items, 3: 4 }));
        must((await textOf(folderIn(place).output)) === wanted, 'the new columns are lost');
        if (answer?.status === 'succeeded') return;
        overtaken += 1;
        must(
          answer?.error?.slug === 'definition-changed',
          `it says ${JSON.stringify(answer?.error)}`,
        );
        must(answer.error.detail.includes('Another service has changed'), answer.error.detail);
      },
      shown,
    );
    expect(failures).toEqual([]);
    expect(overtaken).toBeGreaterThan(1);
  });
});
