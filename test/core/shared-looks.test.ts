/** Clients that are kept busy share looks: what a look costs is divided by all of them. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { RawStore } from '../../src/core/ports/raw.js';
import { layoutOf } from '../../src/model/day.js';
import { dayFoldersIn } from '../../src/model/path-template.js';
import { createRawStore } from '../../src/raw/raw-store.js';
import { makeTempDir } from '../support/temp-dir.js';
import { makePlane } from './plane.js';

async function countedPlane() {
  const root = await makeTempDir();
  const rawDir = join(root, 'raw');
  await mkdir(rawDir);
  const store = createRawStore({
    template: dayFoldersIn(rawDir, layoutOf('index')),
    requireSuccessFile: false,
  });
  let looks = 0;
  const raw: RawStore = {
    ...store,
    list: () => {
      looks += 1;
      return store.list();
    },
  };
  const { plane } = await makePlane(root, { raw });
  // The first look finds the output changed, from nothing, and lists twice.
  await plane.survey();
  looks = 0;
  return { plane, looks: () => looks };
}

it('one look serves all clients of a moment, those too that were just answered', async () => {
  const { plane, looks } = await countedPlane();
  const rounds = 50;
  /** Asks again as soon as its answer has come: a turn later. */
  const client = async () => {
    for (let round = 0; round < rounds; round += 1) {
      await plane.survey();
      await nextTurn();
    }
  };
  const first = client();
  // The second client comes in the midst of the look that the first has begun.
  while (looks() === 0) await nextTurn();
  await Promise.all([first, client(), client()]);
  expect(looks()).toBeLessThanOrEqual(rounds + 2);
});

it('who comes while a look is under way gets one that began afterwards', async () => {
  const { plane, looks } = await countedPlane();
  const early = plane.survey();
  while (looks() === 0) await nextTurn();
  const late = plane.survey();
  await early;
  expect(looks()).toBe(1);
  await late;
  expect(looks()).toBe(2);
});
