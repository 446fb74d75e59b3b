/**
 * The state that older versions left in `_daymark/` itself is taken over, whole, by the output that it describes,
 * and by no other: whoever starts at the same moment, and wherever the takeover is cut short.
 */
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createOutputStore } from '../../src/output/output-store.js';
import { UnfitPlace } from '../../src/output/place.js';
import { type StateFolder, stateFolderOf } from '../../src/output/state-folder.js';
import { shape } from '../support/counted.js';
import { outputHeader } from '../support/service.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';
import { must, textOf } from './checks.js';
import { eachAtOnce } from './each-at-once.js';
import { Crash, quickDisk, unpublishing } from './faulty-disks.js';
import { isChange, type MarkedOperation, shown, startMarked } from './marked-process.js';
import {
  checkDescribed,
  copyOf,
  createTally,
  land,
  outputOf,
  runMarked,
  runWell,
} from './marked-scene.js';
import { makeOlder } from './older-state.js';
import { folderIn, runOnce } from './service-run.js';
import { manyCasesMs, quarterOf } from './soak.js';

vi.setConfig({ testTimeout: manyCasesMs });

const countKills = createTally('killsAtATakeover');

const edited = outputOf({ 0: 9, 1: 3 });
const published = outputOf({ 0: 2, 1: 30 });
const done = outputOf({ 0: 2, 1: 30, 2: 4 });

/** An older version has run twice, the second time over what someone else wrote; another day came since. */
async function makeOlderPlace(root: string): Promise<void> {
  await land(root, '0', 2);
  await land(root, '1', 3);
  await runWell(root);
  await replaceBy(folderIn(root), edited);
  await land(root, '1', 30);
  await runWell(root);
  await makeOlder(folderIn(root));
  await land(root, '2', 4);
}

async function replaceBy({ output }: StateFolder, text: string): Promise<void> {
  await writeFile(`${output}.edited`, text);
  await rename(`${output}.edited`, output);
}

/** An older version was killed when its second commit stood, and before it was published. */
async function makeWaitingPlace(root: string): Promise<void> {
  const folder = folderIn(root);
  await land(root, '0', 2);
  await land(root, '1', 3);
  await runWell(root);
  await land(root, '1', 30);
  const run = await runOnce(root, unpublishing(quickDisk, folder.output));
  must(run.commit === 2 && run.status === 'failed', 'it was published');
  must((await textOf(folder.output)) === outputOf({ 0: 2, 1: 3 }), 'it was published');
  await makeOlder(folder);
}

const partsOf = async ({ root }: StateFolder) => ({
  runs: (await readdir(join(root, 'runs'))).filter((name) => name.endsWith('.json')).length,
  backup: await Promise.all(
    (await readdir(join(root, 'backup'))).map((name) => textOf(join(root, 'backup', name))),
  ),
});

/** All that was there is in the output's own folder, and nothing is left beside it. */
async function checkTakenOver(folder: StateFolder): Promise<void> {
  const { runs, backup } = await partsOf(folder);
  must(runs >= 2, `${runs} runs are known`);
  must(backup.includes(edited), 'a copy that was kept is lost');
  const beside = (await readdir(folder.shared)).filter((name) => name !== folder.outputName);
  const left = await Promise.all(
    beside.map((name) => readdir(join(folder.shared, name)).catch(() => [name])),
  );
  must(left.flat().length === 0, `left behind: ${left.flat().join()}`);
}

const envOf = (root: string, name = 'orders') => ({
  DAYMARK_RAW_DIR: join(root, 'raw'),
  DAYMARK_OUTPUT_FILE: join(root, 'processed', `${name}.csv`),
});

async function ask(service: ServiceProcess, method: string, path: string) {
  const answer = await fetch(`${await service.url()}${path}`, { method });
  // biome-ignore lint/suspicious/noExplicitAny: what an outside client sees has no type.
  return { status: answer.status, body: (await answer.json()) as any };
}

describe('the state of an older version', () => {
  it('is taken over: days, runs, copies and checkpoint', async () => {
    const root = await makeTempDir();
    await makeOlderPlace(root);
    const folder = folderIn(root);
    expect(await textOf(join(folder.shared, 'checkpoint'))).toBe('1\n');
    const service = startServiceProcess(envOf(root));
    const { body } = await ask(service, 'GET', '/v1/days');
    expect(body.days.map(({ day, state }: { day: string; state: string }) => [day, state])).toEqual(
      [
        ['0', 'outdated'],
        ['1', 'outdated'],
        ['2', 'new'],
      ],
    );
    expect(await textOf(folder.checkpoint)).toBe('1\n');
    expect((await ask(service, 'GET', '/v1/runs')).body.runs).toHaveLength(2);
    expect(service.output()).toContain('the state of an older version');
    const run = await ask(service, 'POST', '/v1/runs?wait=60');
    expect(run.body).toMatchObject({ status: 'succeeded', commit: 3 });
    expect(run.body.warnings.join()).toContain('was taken over');
    expect((await ask(service, 'POST', '/v1/runs?wait=60')).body.warnings).toEqual([]);
    expect(await textOf(folder.output)).toBe(done);
    await checkTakenOver(folder);
  });

  it('that waits for its publication is published', async () => {
    const root = await makeTempDir();
    await makeWaitingPlace(root);
    const service = startServiceProcess(envOf(root));
    const { body } = await ask(service, 'GET', '/v1/checkpoint');
    expect(body).toMatchObject({ day: '1', completeThrough: null });
    expect(await textOf(folderIn(root).output)).toBe(published);
    expect(await readdir(folderIn(root).backup)).toEqual([]);
  });

  it('is ignored by an output that has a state of its own', async () => {
    const root = await makeTempDir();
    await makeOlderPlace(root);
    const folder = folderIn(root);
    const older = join(root, 'older');
    await cp(folder.shared, older, { recursive: true });
    await runWell(root);
    await cp(older, folder.shared, { recursive: true });
    const before = await readFile(join(folder.shared, 'checkpoint'), 'utf8');
    await land(root, '3', 1);
    const run = await runWell(root);
    expect([run.commit, run.warnings]).toEqual([4, []]);
    expect(await readFile(join(folder.shared, 'checkpoint'), 'utf8')).toBe(before);
  });

  it.each<[string, (root: string) => Promise<string>]>([
    [
      'that is that of another output',
      async (root) => {
        await writeFile(join(root, 'processed', 'returns.csv'), `${outputHeader}7,8,boxes,1\n`);
        return 'returns';
      },
    ],
    ['of an output that is not there', async () => 'returns'],
    [
      'whose output was changed since',
      async (root) => {
        await replaceBy(folderIn(root), edited);
        return 'orders';
      },
    ],
    [
      'that cannot be read',
      async (root) => {
        const commits = join(folderIn(root).shared, 'commits');
        for (const name of await readdir(commits)) await writeFile(join(commits, name), '');
        return 'orders';
      },
    ],
  ])('%s is refused, with a sentence and without a change', async (_, change) => {
    const root = await makeTempDir();
    await makeOlderPlace(root);
    const name = await change(root);
    const { shared, output } = stateFolderOf(join(root, 'processed', `${name}.csv`));
    const before = [await textOf(output), await readdir(join(shared, 'commits'))];
    const store = createOutputStore({ folder: stateFolderOf(output), shape });
    await expect(store.open()).rejects.toThrow(UnfitPlace);
    const { code, log } = await startServiceProcess(envOf(root, name)).ended();
    expect(code).toBe(78);
    expect(log.at(-1)).toMatchObject({
      msg: expect.stringMatching(
        /older version of Daymark.*does not describe.*\/(orders|returns)\.csv\. .*move/,
      ),
    });
    expect([await textOf(output), await readdir(join(shared, 'commits'))]).toEqual(before);
    expect((await readdir(join(shared, 'backup'))).length).toBe(1);
  });
});

describe('two outputs that shared one older state', () => {
  it('get a state each: one has it, and the days of the other are compared with their raw files', async () => {
    const root = await makeTempDir();
    await makeOlderPlace(root);
    // What each wrote into the other, while both believed in the same records.
    const returns = stateFolderOf(join(root, 'processed', 'returns.csv'));
    await writeFile(returns.output, edited);
    await mkdir(join(root, 'raw-returns', '0'), { recursive: true });
    await writeFile(join(root, 'raw-returns', '0', 'a.csv'), 'order_hour_of_day,boxes\n8,5\n');
    const envOfReturns = { ...envOf(root, 'returns'), DAYMARK_RAW_DIR: join(root, 'raw-returns') };

    const tooEarly = await startServiceProcess(envOfReturns).ended();
    expect(tooEarly.code).toBe(78);
    const one = startServiceProcess(envOf(root));
    expect((await ask(one, 'POST', '/v1/runs?wait=60')).body.status).toBe('succeeded');
    const other = startServiceProcess(envOfReturns);
    const { body } = await ask(other, 'GET', '/v1/days');
    expect(body.days.map(({ state }: { state: string }) => state)).toEqual([
      'unverified',
      'archived',
    ]);
    const run = await ask(other, 'POST', '/v1/runs?wait=60');
    expect(run.body.warnings.join()).toContain('No record says who wrote the rows of day 1');
    expect(await textOf(returns.output)).toBe(`${outputHeader}0,8,boxes,5\n1,8,milk,3\n`);
    expect((await partsOf(returns)).backup).toEqual([edited]);
    expect(await textOf(folderIn(root).output)).toBe(done);
    expect(await partsOf(folderIn(root))).toMatchObject({ runs: 3, backup: [edited] });
    expect((await readdir(returns.shared)).sort()).toEqual(['orders.csv', 'returns.csv']);
  });
});

describe('a takeover', () => {
  it.each([
    ['of what is published', makeOlderPlace, done],
    ['of what waits', makeWaitingPlace, published],
  ])('%s may be done by several at once', async (_, make, text) => {
    for (const start of [runWell, runWell, runWell, runMarked]) {
      const root = await makeTempDir();
      await make(root);
      const runs = await Promise.all([start(root), start(root), start(root)]);
      expect(runs.map(({ status }) => status)).toEqual(Array(3).fill('succeeded'));
      expect(await textOf(folderIn(root).output)).toBe(text);
      if (make === makeOlderPlace) await checkTakenOver(folderIn(root));
    }
  });

  it('that meets what another process tries in the same folders takes all of it', async () => {
    const root = await makeTempDir();
    await makeWaitingPlace(root);
    const { staged, backup } = folderIn(root);
    for (const path of [staged, backup]) {
      await mkdir(path, { recursive: true });
      await writeFile(join(path, '.probe-of-another'), '');
    }
    // What waits is all that is left of the day.
    await rm(join(root, 'raw', '1'), { recursive: true });
    await runWell(root);
    expect(await textOf(folderIn(root).output)).toBe(published);
  });

  it('that another process did meanwhile, and went on, is no reason to refuse', async () => {
    const root = await makeTempDir();
    await makeOlderPlace(root);
    let isFirst = true;
    // It has seen that there is an older state, and reads its newest record next.
    const open = async (path: string) => {
      if (isFirst && path.includes('/_daymark/commits/')) {
        isFirst = false;
        await runWell(root);
      }
      return quickDisk.open(path);
    };
    const run = await runOnce(root, { ...quickDisk, open });
    expect([isFirst, run.status]).toEqual([false, 'succeeded']);
    expect(await textOf(folderIn(root).output)).toBe(done);
  });

  it('that is cut short after any move is finished by the next one', async () => {
    for (const last of [1, 2, 3, 4, 5, 6]) {
      const root = await makeTempDir();
      await makeOlderPlace(root);
      let moves = 0;
      const rename = async (from: string, to: string) => {
        moves += 1;
        if (moves > last) throw new Crash();
        await quickDisk.rename(from, to);
      };
      await runOnce(root, { ...quickDisk, rename }).catch(() => null);
      await runWell(root);
      expect(await textOf(folderIn(root).output)).toBe(done);
      await checkTakenOver(folderIn(root));
    }
  });

  it('that is killed at any operation is finished by the next process', async () => {
    const root = await makeTempDir();
    const template = join(root, 'template');
    await mkdir(template);
    await makeOlderPlace(template);
    const copyTo = (name: string) => copyOf(template, join(root, name));
    const { operations } = await runMarked(await copyTo('clean'));
    const last = operations.findLastIndex(({ paths }) => paths[0]?.endsWith('/_daymark/commits'));
    const changes = operations.slice(0, last + 3).filter(isChange);
    expect(changes.filter(({ name }) => name === 'rename').length).toBeGreaterThanOrEqual(5);
    const points = quarterOf(changes);
    const failures = await eachAtOnce(
      points,
      async ({ index }) => {
        const place = await copyTo(`${index}`);
        await killAndFollow(place, index);
        await checkTakenOver(folderIn(place));
        must((await textOf(folderIn(place).output)) === done, 'the next run gives other bytes');
      },
      shown,
    );
    countKills(points.length);
    expect(failures).toEqual([]);
  });

  it('of what waits, killed wherever a folder moves, is finished by the next process', async () => {
    const root = await makeTempDir();
    await makeWaitingPlace(join(root, 'clean'));
    const { operations } = await runMarked(join(root, 'clean'));
    const last = operations.findLastIndex(({ paths }) => paths[0]?.endsWith('/_daymark/commits'));
    const points = operations.slice(0, last + 1).filter(({ name }) => name === 'rename');
    const failures = await eachAtOnce<MarkedOperation>(
      points,
      async ({ index }) => {
        // A copy would be another file than the one that the record waits for.
        const place = join(root, `${index}`);
        await makeWaitingPlace(place);
        await killAndFollow(place, index);
        must((await textOf(folderIn(place).output)) === published, 'it is not published');
        must((await readdir(folderIn(place).backup)).length === 0, 'a copy of our own is kept');
      },
      shown,
    );
    countKills(points.length);
    expect(failures).toEqual([]);
  });
});

async function killAndFollow(root: string, at: number): Promise<void> {
  const killed = await startMarked(root, { at, moment: 'after', signal: 'SIGKILL' }).ended();
  must(killed === null, 'it was not killed');
  await runWell(root);
  await checkDescribed(folderIn(root));
}
