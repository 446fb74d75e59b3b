/** What a look may not do, whatever another process does while it lasts. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createEmbeddedCheckpoint } from '../../src/checkpoint/embedded.js';
import { layoutOf } from '../../src/core/day.js';
import type { CheckpointStore, OutputStore, RawStore } from '../../src/core/ports.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { createRawStore } from '../../src/raw/raw-store.js';
import { rawText } from '../support/service.js';
import { makeTempDir } from '../support/temp-dir.js';
import { makePlane } from './plane.js';

const layout = layoutOf('index');

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

async function makeRoot() {
  const root = await makeTempDir();
  const rawDir = join(root, 'raw');
  await mkdir(join(rawDir, '0'), { recursive: true });
  await writeFile(join(rawDir, '0', 'orders.csv'), rawText([[8, { milk: 1 }]]));
  const raw = createRawStore({ rawDir, layout, requireSuccessFile: false });
  const output = createOutputStore({
    folder: stateFolderOf(join(root, 'processed', 'orders.csv')),
    layout,
  });
  return { root, raw, output };
}

/** A raw store that lets something happen after it has listed. */
async function makeSlowRaw() {
  const { root, raw } = await makeRoot();
  const interlude = createInterlude();
  const slowRaw: RawStore = {
    ...raw,
    list: async () => {
      const listing = await raw.list();
      await interlude.play();
      return listing;
    },
  };
  return { root, slowRaw, interlude };
}

it('a look that another process overtakes does not move the checkpoint back', async () => {
  const { root, output } = await makeRoot();
  const interlude = createInterlude();
  const slowOutput: OutputStore = {
    ...output,
    look: async () => {
      const state = await output.look();
      await interlude.play();
      return state;
    },
  };
  const slow = await makePlane(root, { output: slowOutput });
  const quick = await makePlane(root);
  await slow.finish();
  interlude.set(async () => {
    await quick.land('1');
    await quick.finish();
  });
  await slow.plane.survey();
  expect(await readFile(quick.folder.checkpoint, 'utf8')).toBe('1\n');
});

it('a checkpoint that another process moves after the output was read is not moved back', async () => {
  const { root, output } = await makeRoot();
  const interlude = createInterlude();
  let looked = Promise.resolve<unknown>(null);
  const watchedOutput: OutputStore = {
    ...output,
    look: () => {
      const looking = output.look();
      looked = looking;
      return looking;
    },
  };
  const quick = await makePlane(root);
  const store = createEmbeddedCheckpoint({ path: quick.folder.checkpoint });
  const lateCheckpoint: CheckpointStore = {
    ...store,
    read: async (deadline) => {
      await nextTurn();
      await looked;
      await interlude.play();
      return store.read(deadline);
    },
  };
  const slow = await makePlane(root, { output: watchedOutput, checkpoint: lateCheckpoint });
  await slow.finish();
  interlude.set(async () => {
    await quick.land('1');
    await quick.finish();
  });
  expect((await slow.plane.survey()).checkpoint).toMatchObject({ day: '1', reading: 'embedded' });
  expect(await readFile(quick.folder.checkpoint, 'utf8')).toBe('1\n');
});

it('a day that another process commits during a look does not seem to lack its raw data', async () => {
  const { root, slowRaw, interlude } = await makeSlowRaw();
  const slow = await makePlane(root, { raw: slowRaw });
  const quick = await makePlane(root);
  await slow.finish();
  interlude.set(async () => {
    await quick.land('1');
    await quick.finish();
  });
  const { days } = await slow.plane.survey();
  expect(days.map(({ day, state }) => `${day} ${state}`)).toEqual(['0 processed']);
});

it('nor does one that is committed after the raw root was listed and before the output is read', async () => {
  const { root, raw, output } = await makeRoot();
  const interlude = createInterlude();
  let listed = Promise.resolve<unknown>(null);
  const rawFirst: RawStore = {
    ...raw,
    list: () => {
      const listing = raw.list();
      listed = listing;
      return listing;
    },
  };
  const outputLast: OutputStore = {
    ...output,
    look: async () => {
      await nextTurn();
      await listed;
      await interlude.play();
      return output.look();
    },
  };
  const slow = await makePlane(root, { raw: rawFirst, output: outputLast });
  const quick = await makePlane(root);
  await slow.finish();
  interlude.set(async () => {
    await quick.land('1');
    await quick.finish();
  });
  const { days } = await slow.plane.survey();
  expect(days.map(({ day, state }) => `${day} ${state}`)).toEqual(['0 processed', '1 processed']);
});

it('a request never shares a look that began before it came', async () => {
  const { root, slowRaw, interlude } = await makeSlowRaw();
  const { plane, land } = await makePlane(root, { raw: slowRaw });
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
