/** What a look may not do, whatever another process does while it lasts. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createEmbeddedCheckpoint } from '../../src/checkpoint/embedded.js';
import type { CheckpointStore } from '../../src/core/ports/checkpoint.js';
import type { OutputStore } from '../../src/core/ports/output.js';
import type { RawStore } from '../../src/core/ports/raw.js';
import type { Survey } from '../../src/core/survey.js';
import { layoutOf } from '../../src/model/day.js';
import { dayFoldersIn } from '../../src/model/path-template.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { createRawStore } from '../../src/raw/raw-store.js';
import { shape } from '../support/counted.js';
import { rawText } from '../support/service.js';
import { makeTempDir } from '../support/temp-dir.js';
import { makePlane, queued, request } from './plane.js';

const layout = layoutOf('index');

/** All that a look reads. */
interface Stores {
  readonly raw: RawStore;
  readonly output: OutputStore;
  readonly checkpoint: CheckpointStore;
}

/** Some stores that let something happen while a look is about them. */
type Slowed = (stores: Stores, play: () => Promise<void>) => Partial<Stores>;

/** Does what it is told next, once, when it is called. */
function createInterlude() {
  let next = async () => {};
  return {
    set: (action: () => Promise<unknown>) => {
      next = async () => {
        next = async () => {};
        await action();
      };
    },
    play: () => next(),
  };
}

/** A process over a root with a raw day 0, and the interlude that its looks play. */
async function makeSlow(slowed: Slowed) {
  const root = await makeTempDir();
  const rawDir = join(root, 'raw');
  await mkdir(join(rawDir, '0'), { recursive: true });
  await writeFile(join(rawDir, '0', 'orders.csv'), rawText([[8, { milk: 1 }]]));
  const folder = stateFolderOf(join(root, 'processed', 'orders.csv'));
  const stores: Stores = {
    raw: createRawStore({ template: dayFoldersIn(rawDir, layout), requireSuccessFile: false }),
    output: createOutputStore({ folder, shape }),
    checkpoint: createEmbeddedCheckpoint({ path: folder.checkpoint }),
  };
  const interlude = createInterlude();
  // What happens in between may take its time.
  const checkpointTimeoutMs = 20_000;
  const slow = await makePlane(root, { checkpointTimeoutMs, ...slowed(stores, interlude.play) });
  return { slow, interlude };
}

/** Day 0 is processed, and in the middle of its next look another process lands day 1 and commits it. */
async function makeOvertaken(slowed: Slowed) {
  const { slow, interlude } = await makeSlow(slowed);
  const quick = await makePlane(slow.root);
  await slow.finish();
  const overtake = async () => {
    await quick.land('1');
    await quick.finish();
  };
  interlude.set(overtake);
  const checkpointText = () => readFile(quick.folder.checkpoint, 'utf8');
  return { slow, interlude, overtake, checkpointText };
}

/** The same, and then something happens before the look hears of what was read. */
function followed<T>(read: () => Promise<T>, play: () => Promise<void>): () => Promise<T> {
  return async () => {
    const found = await read();
    await play();
    return found;
  };
}

/** Two reads of one look: the second begins when the first has ended, and something has happened since. */
function apart<First, Given extends unknown[], Second>(
  first: () => Promise<First>,
  play: () => Promise<void>,
  second: (...given: Given) => Promise<Second>,
) {
  let reading: Promise<unknown> = Promise.resolve();
  return {
    first: () => {
      const begun = first();
      reading = begun;
      return begun;
    },
    second: async (...given: Given) => {
      await nextTurn();
      await reading;
      await play();
      return second(...given);
    },
  };
}

const processed = ['0 processed', '1 processed'];
const statesOf = ({ days }: Survey) => days.map(({ day, state }) => `${day} ${state}`);

it('a look that another process overtakes does not move the checkpoint back', async () => {
  const { slow, checkpointText } = await makeOvertaken(({ output }, play) => ({
    output: { ...output, look: followed(output.look, play) },
  }));
  await slow.plane.survey();
  expect(await checkpointText()).toBe('1\n');
});

it('a checkpoint that another process moves after the output was read is not moved back', async () => {
  const { slow, checkpointText } = await makeOvertaken(({ output, checkpoint }, play) => {
    const { first, second } = apart(output.look, play, checkpoint.read);
    return { output: { ...output, look: first }, checkpoint: { ...checkpoint, read: second } };
  });
  expect((await slow.plane.survey()).checkpoint).toMatchObject({ day: '1', reading: 'embedded' });
  expect(await checkpointText()).toBe('1\n');
});

it('a day that another process commits during a look does not seem to lack its raw data', async () => {
  const { slow } = await makeOvertaken(({ raw }, play) => ({
    raw: { ...raw, list: followed(raw.list, play) },
  }));
  expect(statesOf(await slow.plane.survey())).toEqual(['0 processed']);
});

it('nor does one that is committed after the raw root was listed and before the output is read', async () => {
  const { slow } = await makeOvertaken(({ raw, output }, play) => {
    const { first, second } = apart(raw.list, play, output.look);
    return { raw: { ...raw, list: first }, output: { ...output, look: second } };
  });
  expect(statesOf(await slow.plane.survey())).toEqual(processed);
});

it('nor does it when another look of the same process has seen the commit by then', async () => {
  const { slow, interlude, overtake } = await makeOvertaken(({ raw, output, checkpoint }, play) => {
    const listed = apart(raw.list, play, output.look);
    // With nothing to repair, only the output tells that its raw days must be listed again.
    const looked = apart(listed.second, async () => {}, checkpoint.read);
    return {
      raw: { ...raw, list: listed.first },
      output: { ...output, look: looked.first },
      checkpoint: { ...checkpoint, read: looked.second },
    };
  });
  let glanced: readonly string[] = [];
  interlude.set(async () => {
    await overtake();
    glanced = statesOf(await slow.plane.glance());
  });
  expect(statesOf(await slow.plane.survey())).toEqual(processed);
  expect(glanced).toEqual(processed);
});

it('a request never shares a look that began before it came', async () => {
  const { slow, interlude } = await makeSlow(({ raw }, play) => ({
    raw: { ...raw, list: followed(raw.list, play) },
  }));
  const { plane, land } = slow;
  await plane.survey();
  let later = Promise.resolve<string[]>([]);
  const survey = async () => (await plane.survey()).days.map(({ day }) => day);
  interlude.set(async () => {
    await land('1');
    later = survey();
  });
  expect(await survey()).toEqual(['0']);
  expect(await later).toEqual(['0', '1']);
});

it('a run whose checkpoint another look of the same service moves first has nothing to warn of', async () => {
  const { slow, interlude } = await makeSlow(({ checkpoint }, play) => ({
    checkpoint: {
      ...checkpoint,
      compareAndSet: async (...change) => {
        await play();
        return checkpoint.compareAndSet(...change);
      },
    },
  }));
  interlude.set(() => slow.plane.survey());
  const { run } = await slow.plane.submit(request(), queued);
  expect(await slow.plane.wait(run.id, 20_000, new AbortController().signal)).toMatchObject({
    status: 'succeeded',
    warnings: [],
    checkpoint: { before: null, after: '0' },
  });
});

it('a run warns where the store holds another value each time, and blames no one', async () => {
  const { slow } = await makeSlow(({ checkpoint }) => ({
    checkpoint: { ...checkpoint, compareAndSet: async () => ({ status: 'conflict' }) as const },
  }));
  const { run } = await slow.plane.submit(request(), queued);
  const ended = await slow.plane.wait(run.id, 20_000, new AbortController().signal);
  expect(ended.warnings).toEqual([expect.stringMatching(/held another value each time/)]);
});

it('a look that cannot be made does not wait for the store, which may hang with the output', async () => {
  const root = await makeTempDir();
  const folder = stateFolderOf(join(root, 'processed', 'orders.csv'));
  const output = createOutputStore({ folder, shape });
  const checkpoint = createEmbeddedCheckpoint({ path: folder.checkpoint });
  let answer = () => {};
  const hung = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { plane } = await makePlane(root, {
    output: { ...output, look: () => Promise.reject(new Error('the mount hangs')) },
    checkpoint: {
      ...checkpoint,
      read: async (deadline) => {
        await hung;
        return checkpoint.read(deadline);
      },
    },
  });
  const looked = plane.survey().catch((error) => error);
  const early = await Promise.race([looked, sleep(2_000, null)]);
  answer();
  await looked;
  expect(early).toMatchObject({ message: 'the mount hangs' });
});
