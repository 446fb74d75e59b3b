/**
 * Random histories against the model. After every step the service believes what the model says, and after
 * every run the output is, byte for byte, what the model holds. A failure prints its seed and path: put them
 * into `DAYMARK_MODEL_SEED` and `DAYMARK_MODEL_PATH` to see it again. `DAYMARK_MODEL_RUNS` sets how many.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makePlane } from '../core/plane.js';
import { soak } from '../faults/soak.js';
import { openTempDir } from '../support/temp-dir.js';
import { type Step, step, type World } from './steps.js';
import { Truth } from './truth.js';

const { DAYMARK_MODEL_RUNS, DAYMARK_MODEL_SEED, DAYMARK_MODEL_PATH } = process.env;
const numRuns = Number(DAYMARK_MODEL_RUNS ?? 150);

async function live(steps: readonly Step[]): Promise<void> {
  const dir = await openTempDir();
  const truth = new Truth();
  let place = await makePlane(dir.path);
  const world: World = {
    truth,
    stamp: 0,
    get place() {
      return place;
    },
    restart: async () => {
      await place.plane.stop();
      place = await makePlane(dir.path);
    },
  };
  try {
    for (const each of steps) {
      await each.run(world);
      await compare(world);
    }
  } finally {
    await place.plane.stop();
    await dir.remove();
  }
}

async function compare({ place, truth }: World): Promise<void> {
  const reading = truth.reading();
  const survey = await place.plane.survey();
  expect(Object.fromEntries(survey.days.map(({ day, state }) => [day, state]))).toEqual(
    truth.states(),
  );
  expect(survey.checkpoint.day).toBe(truth.checkpoint());
  expect(survey.checkpoint.reading).toBe(reading);
  truth.stored = truth.checkpoint();
}

it(`${numRuns} random histories`, { timeout: 1_000 * Math.max(120, numRuns) }, async () => {
  const parameters: fc.Parameters<[readonly Step[]]> = {
    numRuns,
    ...(DAYMARK_MODEL_SEED === undefined ? {} : { seed: Number(DAYMARK_MODEL_SEED) }),
    ...(DAYMARK_MODEL_PATH === undefined ? {} : { path: DAYMARK_MODEL_PATH }),
  };
  const outcome = await fc.check(
    fc.asyncProperty(fc.array(step, { maxLength: 25, size: 'max' }), live),
    parameters,
  );
  if (outcome.failed) throw failureOf(outcome);
  if (soak) process.stdout.write(`soak: histories=${outcome.numRuns}\n`);
});

/** Says the steps by name: what fast-check prints of objects with functions helps no one. */
function failureOf(outcome: fc.RunDetails<[readonly Step[]]>): Error {
  const { seed, counterexamplePath, counterexample, errorInstance } = outcome;
  const names = counterexample?.[0].map(({ name }) => `  ${name}`).join('\n');
  const replay = `DAYMARK_MODEL_SEED=${seed} DAYMARK_MODEL_PATH=${counterexamplePath}`;
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return new Error(`${replay}\n${names}\n${message}`, { cause: errorInstance });
}
