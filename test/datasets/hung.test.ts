/** One dataset lies on a mount that hangs: it holds up itself, and nothing of the other. */
import { mkdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { shareOf, soak } from '../faults/soak.js';
import { eventually } from '../support/eventually.js';
import { canHang, hangMount } from '../support/hung-mount.js';
import { judgedMs } from '../support/judged-time.js';
import { type SeveralService, startSeveral } from '../support/several.js';

const milk = [[8, { milk: 1 }]] as const;

const outputFolder = (root: string) => `${root}/processed/visits`;

/** The output of `visits` has a folder of its own, which can be a mount. */
const startBoth = async (hang: (root: string) => readonly string[] = () => []) => {
  const hung: Awaited<ReturnType<typeof hangMount>>[] = [];
  const service = await startSeveral({
    datasets: { orders: {}, visits: {} },
    ownFolders: true,
    prepare: async ({ land, root }) => {
      await land('orders', '0', milk);
      for (const day of ['0', '1', '2']) await land('visits', day, milk);
      await mkdir(outputFolder(root));
      for (const point of hang(root)) hung.push(await hangMount(point));
    },
  });
  const release = async () => {
    for (const each of hung) await each.release();
  };
  return { service, release };
};

const timed = async <T>(action: () => PromiseLike<T>): Promise<T> => {
  const startedAt = performance.now();
  const result = await action();
  expect(judgedMs(performance.now() - startedAt)).toBeLessThan(1_500);
  return result;
};

async function expectOrdersToWork({ http, land, run, read }: SeveralService, from: number) {
  for (let day = from; day < from + 3; day += 1) {
    await land('orders', String(day), milk);
    const { body } = await timed(() => run('orders'));
    expect(body).toMatchObject({ status: 'succeeded' });
    for (const path of ['/v1/days', '/v1/checkpoint', '/v1/runs', '/v1/output']) {
      expect((await timed(() => http.get(path))).status, path).toBe(200);
    }
    expect(await read('orders')).toContain(`\n${day},8,milk,1\n`);
  }
}

/** As often as a page, probes and scrapes ask: no question may cost a thread that the other needs. */
async function askAbout({ http }: SeveralService): Promise<void> {
  const asked = ['/v1/datasets', '/health/ready', '/metrics', '/v1/datasets/visits/days'].flatMap(
    (path) => [path, path, path],
  );
  const answers = await Promise.all(asked.map((path) => http.get(path).timeout(20_000)));
  const [list, , , ready, , , metrics, , , days] = answers;
  expect(list?.body.datasets).toMatchObject([
    { name: 'orders', problem: null },
    { name: 'visits', problem: { detail: expect.stringMatching(/hangs|longer than|not answer/) } },
  ]);
  expect(ready?.status, ready?.text).toBe(200);
  expect(ready?.body.status).toBe('degraded');
  const failed = ready?.body.checks.filter((check: { status: string }) => check.status !== 'ok');
  expect(new Set(failed.map(({ dataset }: { dataset: string }) => dataset))).toEqual(
    new Set(['visits']),
  );
  expect(metrics?.status).toBe(200);
  expect(days?.status).toBe(503);
}

const places = [
  ['raw root', (root: string) => [`${root}/raw/visits`]],
  ['days', (root: string) => [`${root}/raw/visits/0`, `${root}/raw/visits/1`]],
  ['output folder', (root: string) => [outputFolder(root)]],
  ['raw root and output folder', (root: string) => [`${root}/raw/visits`, outputFolder(root)]],
] as const;

/** In the soak each place at both moments; elsewhere each at one of them. */
const duringWork = shareOf(places);
const beforeStart = soak ? places : places.filter((place) => !duringWork.includes(place));

describe.runIf(canHang)('where the mount of one hangs, of its', () => {
  it.each(duringWork)(
    '%s, the other answers and runs as ever',
    async (_, at) => {
      const { service } = await startBoth();
      expect((await service.run('visits')).status).toBe(200);
      const hung = [];
      for (const point of at(service.root)) hung.push(await hangMount(point));
      await expectOrdersToWork(service, 1);
      for (const from of [11, 21]) {
        await eventually(() => askAbout(service), 20_000);
        await expectOrdersToWork(service, from);
      }
      for (const each of hung) await each.release();
      await eventually(async () => {
        expect((await service.run('visits')).status).toBe(200);
      }, 20_000);
    },
    120_000,
  );

  it.each(beforeStart)(
    '%s before the start, the service starts all the same',
    async (_, at) => {
      const { service, release } = await startBoth(at);
      await expectOrdersToWork(service, 1);
      await eventually(() => askAbout(service), 20_000);
      await expectOrdersToWork(service, 11);
      await release();
      await eventually(async () => {
        expect((await service.run('visits')).status).toBe(200);
      }, 20_000);
    },
    120_000,
  );
});
