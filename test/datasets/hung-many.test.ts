/**
 * Many datasets lie on mounts that hang, and everyone asks for them: what lies elsewhere answers and runs, by the four
 * threads that libuv makes by itself. The process is what `npm start` starts.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { canHang, hangMount } from '../support/hung-mount.js';
import { judgedMs } from '../support/judged-time.js';
import { rawText } from '../support/service.js';
import { startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';

const milk = rawText([[8, { milk: 1 }]]);
const wide = 'wide: { by: { hour_of_day: order_hour_of_day }, ignore: [order_id] }';
const each = ['a', 'b', 'c', 'd', 'e', 'f'];

/** A local dataset, and six of which every second lies in the one of two folders. */
async function makeMany() {
  const root = await makeTempDir();
  const shares = [join(root, 'nfs1'), join(root, 'nfs2')];
  const homeOf = (name: string) => {
    const at = each.indexOf(name);
    return at === -1 ? join(root, 'local') : (shares[at % shares.length] as string);
  };
  const rawOf = (name: string) => join(homeOf(name), 'raw', name);
  const outputOf = (name: string) => join(homeOf(name), 'out', name, `${name}.csv`);
  const land = async (name: string, day: string) => {
    await mkdir(join(rawOf(name), day), { recursive: true });
    await writeFile(join(rawOf(name), day, 'part.csv'), milk);
  };
  const names = ['local', ...each];
  const told = names.map((name) => {
    const places = `raw: '${rawOf(name)}/{day}/*.csv', output: '${outputOf(name)}'`;
    return `  ${name}: { ${places}, day: index, ${wide} }\n`;
  });
  for (const name of names) {
    await mkdir(dirname(outputOf(name)), { recursive: true });
    for (const day of ['0', '1', '2']) await land(name, day);
  }
  const file = join(root, 'daymark.yaml');
  await writeFile(file, `datasets:\n${told.join('')}`);
  return { shares, file, land, outputOf };
}

async function startMany({ file }: { readonly file: string }) {
  const url = await startServiceProcess({ DAYMARK_DATASETS: file }).url();
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`${url}${path}`, { method, signal: AbortSignal.timeout(30_000) });
    return { status: response.status, text: await response.text() };
  };
  const run = (name: string) => ask(`/v1/datasets/${name}/runs?wait=30`, 'POST');
  return { ask, run };
}

type Many = Awaited<ReturnType<typeof makeMany>>;
type Service = Awaited<ReturnType<typeof startMany>>;

/** Once their mounts answer again. */
async function expectAllToRun({ run }: Service): Promise<void> {
  for (const name of each) {
    await eventually(async () => {
      const { status, text } = await run(name);
      expect(status, text).toBe(200);
    }, 30_000);
  }
}

/** As pages, probes, scrapes and schedulers ask for those that hang; how it ends is theirs. */
function askAll({ ask, run }: Service): Promise<unknown> {
  const paths = each.flatMap((name) =>
    ['days', 'output', 'checkpoint', 'plan', 'runs'].map((path) => `/v1/datasets/${name}/${path}`),
  );
  const common = ['/health/ready', '/metrics', '/v1/datasets'].flatMap((path) => [path, path]);
  return Promise.allSettled([...[...paths, ...common].map((path) => ask(path)), ...each.map(run)]);
}

async function expectLocalToWork(many: Many, { ask, run }: Service, from: number) {
  for (let day = from; day < from + 3; day += 1) {
    await many.land('local', String(day));
    const startedAt = performance.now();
    const { status, text } = await run('local');
    expect(status, text).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ status: 'succeeded' });
    for (const path of ['days', 'output', 'checkpoint', 'runs']) {
      expect((await ask(`/v1/datasets/local/${path}`)).status, path).toBe(200);
    }
    expect(judgedMs(performance.now() - startedAt)).toBeLessThan(3_000);
    expect(await readFile(many.outputOf('local'), 'utf8')).toContain(`\n${day},8,milk,1\n`);
  }
  expect((await ask('/health/ready')).status).toBe(200);
}

describe.runIf(canHang)('six datasets on mounts that hang', () => {
  it.each([
    ['one after the other', false],
    ['both at once, while all are asked', true],
  ])(
    '%s, hold up themselves alone',
    async (_, atOnce) => {
      const many = await makeMany();
      const service = await startMany(many);
      await expectLocalToWork(many, service, 10);
      for (const name of each) expect((await service.run(name)).status, name).toBe(200);

      const hung: Awaited<ReturnType<typeof hangMount>>[] = [];
      const asked: Promise<unknown>[] = [];
      for (const [index, share] of many.shares.entries()) {
        if (atOnce) asked.push(askAll(service), askAll(service));
        hung.push(await hangMount(share));
        if (!atOnce || index === many.shares.length - 1) {
          asked.push(askAll(service), askAll(service), askAll(service));
          await expectLocalToWork(many, service, 20 + 10 * index);
        }
      }
      await Promise.all(asked);
      await expectLocalToWork(many, service, 50);
      for (const { release } of hung) await release();
      await expectAllToRun(service);
    },
    180_000,
  );

  it('before the start, too', async () => {
    const many = await makeMany();
    const hung = [];
    for (const share of many.shares) hung.push(await hangMount(share));
    const service = await startMany(many);
    await expectLocalToWork(many, service, 10);
    const asked = [askAll(service), askAll(service)];
    await expectLocalToWork(many, service, 20);
    await Promise.all(asked);
    for (const { release } of hung) await release();
    await expectAllToRun(service);
  }, 180_000);
});
