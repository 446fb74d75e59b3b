/**
 * Random histories against the model. After every step the service believes what the model says, and the
 * output is, byte for byte, what the model holds. A failure prints its seed and path: put them into
 * `DAYMARK_MODEL_SEED` and `DAYMARK_MODEL_PATH` to see it again. `DAYMARK_MODEL_RUNS` sets how many.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine, EngineName } from '../../src/core/ports.js';
import { readCsvFile } from '../../src/engine/csv/csv-file.js';
import { createCsvEngine } from '../../src/engine/csv/engine.js';
import { createScanEngine } from '../../src/engine/scan/engine.js';
import { textOf } from '../faults/checks.js';
import { manyCasesMs } from '../faults/soak.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { type Calendar, calendars } from './calendar.js';
import type { Step } from './step.js';
import { step } from './steps.js';
import { makeWorld, type World } from './world.js';

const { DAYMARK_MODEL_RUNS, DAYMARK_MODEL_SEED, DAYMARK_MODEL_PATH } = process.env;
const numRuns = Number(DAYMARK_MODEL_RUNS ?? 300);
const firstSeed = Number(DAYMARK_MODEL_SEED ?? Date.now() % 1_000_000_000);
/** A history mostly waits: for the disk, and for raw files to be old enough. So several live at once. */
const lanes = DAYMARK_MODEL_PATH === undefined ? 8 : 1;

interface History {
  readonly calendar: Calendar;
  readonly inRedis: boolean;
  readonly steps: readonly Step[];
}

const history: fc.Arbitrary<History> = fc.record({
  calendar: fc.constantFrom(...calendars),
  inRedis: fc.constantFrom(false, false, false, true),
  steps: fc.array(step, { maxLength: 30, size: 'max' }),
});

const counts = { histories: 0, steps: 0, inRedis: 0 };
const engines = new Map<EngineName, Engine>([
  ['csv', createCsvEngine()],
  ['scan', createScanEngine({ reference: readCsvFile })],
]);
let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis({ args: ['--databases', '32'] });
});
afterAll(async () => {
  await redis.stop();
  for (const engine of engines.values()) await engine.close();
  const { histories, steps, inRedis } = counts;
  process.stdout.write(`soak: histories=${histories} steps=${steps} historiesInRedis=${inRedis}\n`);
});

async function live({ calendar, inRedis, steps }: History, lane: number): Promise<void> {
  const world = await makeWorld({
    calendar,
    engines,
    redis: inRedis ? { port: redis.port, database: lane } : null,
  });
  try {
    for (const each of steps) {
      await each.run(world);
      await compare(world);
    }
    counts.histories += 1;
    counts.steps += steps.length;
    if (inRedis) counts.inRedis += 1;
  } finally {
    await world.close();
  }
}

async function compare({ plane, truth, keeper, folder }: World): Promise<void> {
  expect(await textOf(folder.output)).toBe(truth.text);
  const reading = truth.reading();
  const survey = await plane.survey();
  expect(Object.fromEntries(survey.days.map(({ day, state }) => [day, state]))).toEqual(
    truth.states(),
  );
  expect(survey.checkpoint.day).toBe(truth.checkpoint());
  const right = keeper.kind === 'embedded' ? 'embedded' : 'in-sync';
  const allowed = [reading === 'in-sync' ? right : reading, ...(truth.mayBeRight ? [right] : [])];
  expect(survey.checkpoint.reading).toBeOneOf(allowed);
  truth.seen();
  expect(await textOf(folder.output)).toBe(truth.text);
  await compareCopies({ folder, truth });
}

/** What was not ours, and is the output no more, is kept. */
async function compareCopies({ folder, truth }: Pick<World, 'folder' | 'truth'>): Promise<void> {
  if (truth.kept.size === 0) return;
  const names = await readdir(folder.backup);
  const texts = await Promise.all(names.map((name) => readFile(join(folder.backup, name), 'utf8')));
  for (const text of truth.kept) expect(texts).toContain(text);
}

it(`${numRuns} random histories`, { timeout: manyCasesMs + 1_000 * numRuns }, async () => {
  let failure: Error | null = null;
  const check = async (lane: number) => {
    const property = fc.asyncProperty(history, async (each) => {
      // Where one lane has failed, the others need not go on.
      if (failure === null || DAYMARK_MODEL_PATH !== undefined) await live(each, lane);
    });
    const outcome = await fc.check(property, parametersOf(lane));
    if (outcome.failed) failure ??= failureOf(outcome);
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => check(lane)));
  if (failure !== null) throw failure;
});

function parametersOf(lane: number): fc.Parameters<[History]> {
  if (DAYMARK_MODEL_PATH !== undefined) return { seed: firstSeed, path: DAYMARK_MODEL_PATH };
  return { numRuns: Math.ceil(numRuns / lanes), seed: (firstSeed * lanes + lane) % 2 ** 31 };
}

/** Says the steps by name: what fast-check prints of objects with functions helps no one. */
function failureOf(outcome: fc.RunDetails<[History]>): Error {
  const { seed, counterexamplePath, counterexample, errorInstance } = outcome;
  const [found] = counterexample ?? [];
  const place = `${found?.calendar.layout} layout, checkpoint in ${found?.inRedis ? 'Redis' : 'a file'}`;
  const names = found?.steps.map(({ name }) => `  ${name}`).join('\n');
  const replay = `DAYMARK_MODEL_SEED=${seed} DAYMARK_MODEL_PATH=${counterexamplePath}`;
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return new Error(`${replay}\n${place}\n${names}\n${message}`, { cause: errorInstance });
}

it.skipIf(DAYMARK_MODEL_PATH !== undefined)('were long enough to say something', () => {
  expect(counts.inRedis).toBeGreaterThan(0);
  expect(counts.steps).toBeGreaterThan(5 * counts.histories);
});
