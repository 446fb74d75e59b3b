/**
 * Random histories against the model. After every step the service believes what the model says, and the
 * output is, byte for byte, what the model holds. A failure prints its seed and path: put them into
 * `DAYMARK_SEED` and `DAYMARK_MODEL_PATH` to see it again. `DAYMARK_MODEL_RUNS` sets how many.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/core/ports/engine.js';
import { readCsvFile } from '../../src/engine/csv/csv-file.js';
import { createCsvEngine } from '../../src/engine/csv/engine.js';
import { createDuckDb } from '../../src/engine/duckdb/child-process.js';
import type { DuckDb } from '../../src/engine/duckdb/duckdb.js';
import { duckDbEngineOn } from '../../src/engine/duckdb/engine.js';
import { createScanEngine } from '../../src/engine/scan/engine.js';
import { ThreadPool } from '../../src/engine/threads/thread-pool.js';
import type { EngineName } from '../../src/model/engine.js';
import type { Notice } from '../../src/model/notice.js';
import { textOf } from '../faults/checks.js';
import { manyCasesMs, soak } from '../faults/soak.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { seed } from '../support/seed.js';
import { compareApart } from './apart.js';
import { type Calendar, calendars } from './calendar.js';
import type { FormName, Picked } from './raw-place.js';
import { type ModelRules, sameRules } from './rules.js';
import { settled } from './settled.js';
import { spec } from './spec.js';
import type { Step } from './step.js';
import { earlyStep, moves } from './steps.js';
import type { Truth } from './truth.js';
import { type DatasetTraits, type KeptDataset, makeWorld, type World } from './world.js';

const { DAYMARK_MODEL_RUNS, DAYMARK_MODEL_PATH } = process.env;
const numRuns = Number(DAYMARK_MODEL_RUNS ?? 80);
/** A history mostly waits: for the disk, and for raw files to be old enough. So several live at once. */
const lanes = DAYMARK_MODEL_PATH === undefined ? 8 : 1;

/** A failure is made smaller for so long; what is found by then is told. */
const shrinkingMs = soak ? 600_000 : 60_000;

interface History {
  readonly calendar: Calendar;
  readonly form: FormName;
  /** Of raw files; a comma where a dataset is wide. */
  readonly delimiter: string;
  readonly inRedis: boolean;
  readonly slots: number;
  readonly first: DatasetTraits;
  /** Over the same raw files; null where there is one dataset. */
  readonly second: DatasetTraits | null;
  /** Before Daymark starts for the first time. */
  readonly early: readonly Step[];
  readonly steps: readonly Step[];
}

const traits = fc.record({
  picked: fc.constantFrom<Picked[]>('all', 'all', 'some'),
  rules: fc.record({
    spec,
    adopt: fc.constantFrom('compare', 'compare', 'trust'),
    checkpoint: fc.constantFrom('highest', 'complete'),
  }) as fc.Arbitrary<ModelRules>,
});

const history: fc.Arbitrary<History> = fc.record({
  calendar: fc.constantFrom(...calendars),
  form: fc.constantFrom<FormName[]>('folders', 'hive', 'nested', 'flat'),
  delimiter: fc.constantFrom(',', ';', '\t'),
  inRedis: fc.constantFrom(false, false, false, true),
  slots: fc.constantFrom(2, 1),
  first: traits,
  second: fc.option(traits, { freq: 4 }),
  early: fc.array(earlyStep, { maxLength: 4 }),
  steps: fc.array(moves, { maxLength: 24, size: 'max' }).map((all) => all.flat()),
});

const datasetsOf = ({ first, second }: History) => (second === null ? [first] : [first, second]);

/** Files of wide data have commas. */
function delimiterOf(of: History): string {
  const isWide = datasetsOf(of).some(({ rules }) => rules.spec.kind === 'wide');
  return isWide ? ',' : of.delimiter;
}

const counts = {
  histories: 0,
  steps: 0,
  inRedis: 0,
  withTwo: 0,
  ofColumns: 0,
  outdated: 0,
  changing: 0,
  queriesOfDuckDb: 0,
};
const pool = new ThreadPool({ size: 1 });
const duckdb = createDuckDb({ memoryBytes: 2 ** 30, threads: 1, atOnce: 2 });
const countedDuckDb: DuckDb = {
  ...duckdb,
  rows: (...asked) => {
    counts.queriesOfDuckDb += 1;
    return duckdb.rows(...asked);
  },
};
const engines = new Map<EngineName, Engine>([
  ['csv', createCsvEngine()],
  ['scan', createScanEngine({ reference: readCsvFile })],
  ['duckdb', duckDbEngineOn(pool, countedDuckDb)],
]);
let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis({ args: ['--databases', '32'] });
});
afterAll(async () => {
  await redis.stop();
  for (const engine of engines.values()) await engine.close();
  await duckdb.close();
  await pool.close();
  const { histories, steps, inRedis, withTwo, ofColumns, outdated, changing, queriesOfDuckDb } =
    counts;
  const more = `historiesInRedis=${inRedis} historiesOfTwo=${withTwo} datasetsOfColumns=${ofColumns} queriesOfDuckDb=${queriesOfDuckDb}`;
  process.stdout.write(
    `soak: histories=${histories} steps=${steps} ${more} outdatedDaysSeen=${outdated} otherColumnsSeen=${changing}\n`,
  );
});

async function live(of: History, lane: number) {
  const { early, steps, inRedis } = of;
  const datasets = datasetsOf(of);
  const world = await makeWorld({
    ...of,
    datasets,
    delimiter: delimiterOf(of),
    engines,
    redis: inRedis ? { port: redis.port, database: lane } : null,
  });
  try {
    for (const each of early) await each.run(world);
    await world.begin();
    await settled(world);
    await compare(world);
    for (const each of steps) {
      await each.run(world);
      await compare(world);
    }
    counts.histories += 1;
    counts.steps += early.length + steps.length;
    if (inRedis) counts.inRedis += 1;
    if (datasets.length > 1) counts.withTwo += 1;
    counts.ofColumns += datasets.filter(({ rules }) => rules.spec.kind === 'columns').length;
  } finally {
    await world.close();
  }
}

async function compare(world: World): Promise<void> {
  for (const dataset of world.datasets) await compareOne(dataset, world);
  await compareApart(world);
}

async function compareOne(
  { plane, truth, folder }: KeptDataset,
  { keepers }: World,
): Promise<void> {
  expect(await textOf(folder.output)).toBe(truth.text);
  const reading = truth.reading();
  const survey = await plane.survey();
  const states = truth.states();
  expect(Object.fromEntries(survey.days.map(({ day, state }) => [day, state]))).toEqual(states);
  if (truth.changesColumns) counts.changing += 1;
  counts.outdated += Object.values(states).filter((state) => state === 'outdated').length;
  const { day, highest, completeThrough } = survey.checkpoint;
  expect({ day, highest, completeThrough }).toEqual({
    day: truth.checkpoint(),
    highest: truth.highest(),
    completeThrough: truth.completeThrough(),
  });
  compareNotices(survey.notices, truth);
  const right = keepers.kind === 'embedded' ? 'embedded' : 'in-sync';
  const allowed = [reading === 'in-sync' ? right : reading, ...(truth.mayBeRight ? [right] : [])];
  expect(survey.checkpoint.reading).toBeOneOf(allowed);
  truth.seen();
  expect(await textOf(folder.output)).toBe(truth.text);
  await compareCopies({ folder, truth });
}

/** Of those that follow from what lies there: neither is one missing, nor does one stay. */
function compareNotices(notices: readonly Notice[], truth: Truth): void {
  const found = new Set(notices.map(({ code }) => code));
  expect({
    unreadable: found.has('ledger-unreadable'),
    foreign: found.has('foreign-days'),
    columns: found.has('definition-changed'),
    overtaken: found.has('other-definition'),
    outdated: found.has('outdated-archived'),
    damaged: found.has('damaged-archived'),
  }).toEqual({
    unreadable: truth.unreadable,
    foreign: truth.foreignDays().length > 0,
    columns: truth.changesColumns,
    overtaken: false,
    outdated: truth.outdatedArchivedDays().length > 0,
    damaged: truth.damagedArchivedDays().length > 0,
  });
  const { committedBy, rules, rulesChanged } = truth;
  const isOther = committedBy !== null && !sameRules(committedBy, rules);
  if (isOther || !rulesChanged) expect(found.has('other-settings')).toBe(isOther);
}

/** What was not ours, and is the output no more, is kept. */
async function compareCopies({
  folder,
  truth,
}: Pick<KeptDataset, 'folder' | 'truth'>): Promise<void> {
  if (truth.kept.size === 0) return;
  const names = await readdir(folder.backup);
  const texts = await Promise.all(names.map((name) => readFile(join(folder.backup, name), 'utf8')));
  for (const text of truth.kept) expect(texts).toContain(text);
}

it(`${numRuns} random histories`, { timeout: manyCasesMs + 1_000 * numRuns }, async () => {
  let failing: { readonly lane: number; readonly since: number } | null = null;
  let failure: Error | null = null;
  /**
   * Where one lane has failed, the others need not go on; nor need that one for ever. Of a history that is replayed
   * and passes, its neighbours say nothing.
   */
  const isDue = (lane: number) => {
    if (failing === null) return DAYMARK_MODEL_PATH === undefined || counts.histories === 0;
    return failing.lane === lane && performance.now() - failing.since < shrinkingMs;
  };
  const check = async (lane: number) => {
    const property = fc.asyncProperty(history, async (each) => {
      if (!isDue(lane)) return;
      await live(each, lane).catch((error) => {
        failing ??= { lane, since: performance.now() };
        if (failing.lane === lane) throw error;
      });
    });
    const outcome = await fc.check(property, parametersOf(lane));
    if (outcome.failed) failure = failureOf(outcome);
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => check(lane)));
  if (failure !== null) throw failure;
});

function parametersOf(lane: number): fc.Parameters<[History]> {
  if (DAYMARK_MODEL_PATH !== undefined) return { seed, path: DAYMARK_MODEL_PATH };
  return { numRuns: Math.ceil(numRuns / lanes), seed: (seed * lanes + lane) % 2 ** 31 };
}

/** Says the steps by name: what fast-check prints of objects with functions helps no one. */
function failureOf(outcome: fc.RunDetails<[History]>): Error {
  const { seed, counterexamplePath, counterexample, errorInstance } = outcome;
  const [found] = counterexample ?? [];
  const namesOf = (steps: readonly Step[] = []) => steps.map(({ name }) => `  ${name}`).join('\n');
  const names = `before the first start\n${namesOf(found?.early)}\nthen\n${namesOf(found?.steps)}`;
  const replay = `DAYMARK_SEED=${seed} DAYMARK_MODEL_PATH=${counterexamplePath}`;
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return new Error(`${replay}\n${found && placeInWords(found)}\n${names}\n${message}`, {
    cause: errorInstance,
  });
}

function placeInWords(of: History): string {
  const { calendar, form, inRedis, slots } = of;
  const place = `${calendar.layout} days in ${form}, ${JSON.stringify(delimiterOf(of))} between cells, checkpoint in ${inRedis ? 'Redis' : 'a file'}, runs at once: ${slots}`;
  return [place, ...datasetsOf(of).map((each) => JSON.stringify(each))].join('\n');
}

it.skipIf(DAYMARK_MODEL_PATH !== undefined)('were long enough to say something', () => {
  expect(counts.inRedis).toBeGreaterThan(0);
  expect(counts.steps).toBeGreaterThan(5 * counts.histories);
  expect(counts.queriesOfDuckDb).toBeGreaterThan(counts.histories / 4);
});
