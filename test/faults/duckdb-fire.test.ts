/**
 * The service over datasets of every kind that DuckDB reads, while DuckDB's processes, and the service itself, are killed
 * and frozen at random moments, and raw files change as they are read. The service answers all the time; what an output
 * holds of a day is what its files said at one moment; and in the end each output is right to the byte.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRandom, type Random } from '../../src/sample/random.js';
import { seed } from '../support/seed.js';
import { makeTempDir } from '../support/temp-dir.js';
import { must } from './checks.js';
import {
  checkRuns,
  counts,
  type Mischief,
  mischief,
  runAll,
  type Scene,
  tripsOf,
} from './duckdb-mischief.js';
import {
  blocksIn,
  childrenOf,
  type FireDataset,
  type Kind,
  kindNames,
  makeFirePlace,
  outputHeader,
} from './duckdb-scene.js';
import { manyCasesMs, soak } from './soak.js';

const rounds = soak ? 36 : 4;
const kinds: readonly Kind[] = soak ? kindNames : ['plain', 'parquet', 'select_odd'];
const days = ['3', '4', '5'];
it(`through ${rounds} rounds of kills, freezes and changing files (seed ${seed})`, {
  timeout: 2 * manyCasesMs,
}, async () => {
  const random = createRandom(`${seed}/duckdb`);
  const place = await makeFirePlace(kinds);
  const tmp = await makeTempDir();
  const start = () => place.start({ TMPDIR: tmp });
  const scene: Scene = {
    ...{ place, random, tmp, service: start() },
    restart: async () => {
      scene.service = start();
      await scene.service.url();
    },
  };
  await scene.service.url();
  const acts = Object.values(mischief);
  for (let round = 0; round < rounds; round += 1) {
    for (const dataset of place.datasets) await landSome(dataset, random);
    const act = acts[round % acts.length] as Mischief;
    let isOver = false;
    const running = runAll(scene).finally(() => {
      isOver = true;
    });
    await act(scene, () => isOver);
    checkRuns(await running, act);
    for (const dataset of place.datasets) await checkStates(dataset);
    await heal(scene);
    counts.roundsUnderFire += 1;
  }
  await checkFolders(scene);
  const figures = Object.entries(counts).map(([name, count]) => `${name}=${count}`);
  process.stdout.write(`soak: ${figures.join(' ')}\n`);
});

async function landSome({ day, days: known }: FireDataset, random: Random): Promise<void> {
  for (const name of days) {
    if (known.has(name) && random.below(3) === 0) continue;
    for (const part of ['a', 'b']) {
      if (known.has(name) && random.below(2) === 0) continue;
      await day(name).land(part, tripsOf(random));
    }
  }
}

// ---------------------------------------------------------------- what must hold

async function checkStates({ kind, days: all, output }: FireDataset): Promise<void> {
  const text = (await output()) ?? outputHeader;
  must(text.startsWith(outputHeader), `the output of ${kind} has no header`);
  for (const [day, rows] of blocksIn(text)) {
    const states = all.get(day)?.states ?? [];
    must(states.includes(rows), `day ${day} of ${kind} was never this:\n${rows.slice(0, 400)}`);
  }
}

/** What is pending is made once more, and nothing is missing then, or twice, or old. */
async function heal(scene: Scene): Promise<void> {
  for (const [kind, ran] of await runAll(scene)) {
    const failed = ran?.filter(({ error }) => (error ?? null) !== null);
    expect(failed, kind).toEqual([]);
  }
  for (const { kind, days: all, output } of scene.place.datasets) {
    const expected = [...all.values()].sort((a, b) => Number(a.day) - Number(b.day));
    const rows = expected.map(({ states }) => states.at(-1) ?? '').join('');
    expect(await output(), kind).toBe(`${outputHeader}${rows}`);
  }
}

/** Nothing is left of those that are gone. */
async function checkFolders({ place, service, tmp }: Scene): Promise<void> {
  const spilled = (await readdir(tmp)).filter((name) => name.startsWith('daymark-'));
  must(
    spilled.length <= childrenOf(service.child.pid).length,
    `temporary files are left: ${spilled}`,
  );
  for (const { kind } of place.datasets) {
    const rows = join(place.root, 'out', '_daymark', `${kind}.csv`, 'rows');
    expect(await readdir(rows).catch(() => [])).toEqual([]);
  }
  await service.end('SIGTERM');
  expect(await readdir(tmp)).toEqual([]);
}
