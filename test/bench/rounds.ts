import { setTimeout as sleep } from 'node:timers/promises';

/** Raw folders younger than this are looked at more closely, and a run waits for very young files. */
const settledAfterMs = 4_000;

/** For what was written just now to be old: the steady state is what is measured. */
export async function letSettle(): Promise<void> {
  await sleep(settledAfterMs);
}

/** A day that has just landed makes a run wait for the file system's clock; after this it is a moment old. */
export async function letLand(): Promise<void> {
  await sleep(landedBeforeMs);
}

const landedBeforeMs = 100;

/** Everyone once in each round, beginning with another one each time, so that no one has the best place. */
export async function takeTurns<Subject>(
  subjects: readonly Subject[],
  rounds: number,
  turn: (subject: Subject, round: number) => Promise<void>,
  beforeRound?: () => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await beforeRound?.();
    for (const index of subjects.keys()) {
      await turn(subjects[(index + round) % subjects.length] as Subject, round);
    }
  }
}
