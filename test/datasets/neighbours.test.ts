/** However links and mounts lead there, a dataset writes into nothing of another: not into its days, nor into its state. */
import { mkdir, readdir, rmdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bindMount, canMount } from '../support/bind-mount.js';
import { startSeveral } from '../support/several.js';

const milk = [[8, { milk: 1 }]] as const;

interface Scene {
  readonly what: string;
  readonly mounts?: boolean;
  /** The output of `visits`, below the root. */
  readonly output: string;
  prepare(at: (path: string) => string): Promise<unknown>;
  readonly why: RegExp;
}

const scenes: readonly Scene[] = [
  {
    what: 'its output over a link to the folder',
    output: 'link/orders.csv',
    prepare: (at) => symlink('processed', at('link')),
    why: /is the output of the dataset orders, too/,
  },
  {
    what: 'its output over a bind mount of the folder',
    mounts: true,
    output: 'bound/orders.csv',
    prepare: (at) => bindMount(at('processed'), at('bound')),
    why: /is the output of the dataset orders, too/,
  },
  {
    what: 'its days over a link',
    output: 'link/9/visits.csv',
    prepare: (at) => symlink('raw/orders', at('link')),
    why: /leads into the raw root of the dataset orders/,
  },
  {
    what: 'its days over a bind mount',
    mounts: true,
    output: 'bound/visits.csv',
    prepare: (at) => bindMount(at('raw/orders/0'), at('bound')),
    why: /leads into the raw root of the dataset orders/,
  },
  {
    what: 'its days by a state folder that is a link',
    output: 'other/visits.csv',
    prepare: async (at) => {
      await mkdir(at('other'));
      await symlink('../raw/orders', at('other/_daymark'));
    },
    why: /leads into the raw root of the dataset orders/,
  },
  {
    what: 'its state over a link',
    output: 'link/commits/visits.csv',
    prepare: (at) => symlink('processed/_daymark/orders.csv', at('link')),
    why: /leads into the state that Daymark keeps of the dataset orders/,
  },
];

describe('a dataset that would write into another', () => {
  it.each(scenes.filter(({ mounts }) => mounts !== true || canMount))(
    '$what is refused, and holds it up in nothing',
    async ({ output, prepare, why }) => {
      const names = { orders: {}, visits: {} };
      const { root, http, run, land, read } = await startSeveral({
        datasets: names,
        outputs: { visits: output },
        prepare: async ({ root: parent, ...places }) => {
          await places.land('orders', '0', milk);
          await places.land('visits', '0', milk);
          await prepare((path) => join(parent, path));
        },
      });
      const { status, body } = await run('visits');
      expect(status).toBe(503);
      expect(body).toMatchObject({
        type: '/problems/dataset-unavailable',
        detail: expect.stringMatching(why),
      });
      expect((await run('orders')).body).toMatchObject({ status: 'succeeded' });
      await land('orders', '1', milk);
      expect((await run('orders')).body).toMatchObject({ status: 'succeeded' });
      expect(await read('orders')).toMatch(/\n0,8,milk,1\n1,8,milk,1\n$/);
      expect(await readdir(join(root, 'raw/orders'))).toEqual(['0', '1']);
      expect(await readdir(join(root, 'processed/_daymark'))).toEqual(['orders.csv']);
      const { body: list } = await http.get('/v1/datasets');
      expect(list.datasets.map(({ problem }: { problem: unknown }) => problem !== null)).toEqual([
        false,
        true,
      ]);
    },
  );

  it('lies beside it all the same, and may read what it reads', async () => {
    const { run, read } = await startSeveral({
      datasets: { orders: {}, visits: {} },
      prepare: async ({ rawDirOf, land }) => {
        await land('orders', '0', milk);
        await rmdir(rawDirOf('visits'));
        await symlink(rawDirOf('orders'), rawDirOf('visits'));
      },
    });
    for (const name of ['orders', 'visits']) expect((await run(name)).status).toBe(200);
    expect([await read('orders'), await read('visits')]).toEqual([
      expect.stringContaining('\n0,8,milk,1\n'),
      expect.stringContaining('\n0,8,milk,1\n'),
    ]);
  });
});
