/** A whole service in this process that has the shared cluster. */
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import { createRowPool } from '../../bench/workloads/rows.js';
import { eventually } from '../../support/eventually.js';
import { startTestService, type TestService } from '../../support/service.js';
import { masterState } from './cluster.js';
import { smallConf } from './subject.js';

const cluster = inject('cluster');

export interface SparkServiceOptions {
  readonly root?: string;
  /** `DAYMARK_` settings, without the prefix. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly conf?: Readonly<Record<string, string>>;
}

export async function startSparkService(options: SparkServiceOptions = {}): Promise<TestService> {
  if (cluster === null) throw new Error('there is no Spark here');
  const own = Object.entries(options.settings ?? {}).map(([name, value]) => [
    `DAYMARK_${name}`,
    value,
  ]);
  return startTestService({
    ...(options.root === undefined ? {} : { root: options.root }),
    env: {
      ...cluster.environment,
      DAYMARK_ENGINE: 'spark',
      // The tests keep this process busy themselves.
      DAYMARK_MAX_LOOP_DELAY_MS: '0',
      DAYMARK_SPARK_MASTER: cluster.master,
      DAYMARK_SPARK_CONF: JSON.stringify({ ...smallConf, ...options.conf }),
      ...Object.fromEntries(own),
    },
  });
}

/** No staging folder is left, and no application on the master. */
export async function expectNothingLeft({ folder }: TestService): Promise<void> {
  expect(await readdir(folder.spark).catch(() => [])).toEqual([]);
  if (cluster === null) return;
  const { status } = cluster;
  await eventually(async () => expect((await masterState(status)).activeapps).toEqual([]), 20_000);
}

/** Waits until the application of the active run works on the cluster; gives its progress. */
export async function untilWorking(service: TestService, runId: string) {
  return eventually(async () => {
    const { body } = await service.get(`/v1/runs/${runId}`);
    expect(body.progress?.engine?.tasks.total).toBeGreaterThan(0);
    return body.progress.engine as { readonly application: string };
  }, 60_000);
}

/** The process ids whose command line holds `text`. */
export async function processesWith(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name));
  const lines = await Promise.all(
    pids.map(async (pid) => [pid, await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')]),
  );
  return lines.flatMap(([pid, line]) => (line?.includes(text) ? [Number(pid)] : []));
}

/** Of the process ids, those whose group is that of `leader`. */
export async function inGroupOf(leader: number, pids: readonly number[]): Promise<number[]> {
  const groups = await Promise.all(pids.map(groupOf));
  return pids.filter((_, index) => groups[index] === leader);
}

/** NaN where the process is gone. */
async function groupOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // What the program is called may hold blanks and brackets; state, parent and group follow its last bracket.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

/** Enough orders that an application works on them for a while. */
export async function landLargeDay(
  service: TestService,
  day: string,
  orders: number,
): Promise<void> {
  const pool = createRowPool('sparse');
  // In pieces, so that the service in this process is not held up.
  await mkdir(join(service.rawDir, day), { recursive: true });
  const file = await open(join(service.rawDir, day, 'orders.csv'), 'wx');
  await file.write(`${pool.header}\n`);
  for (let from = 1; from <= orders; from += 5_000) {
    const count = Math.min(5_000, orders - from + 1);
    const lines = Array.from({ length: count }, (_, index) => {
      const order = from + index;
      const row = pool.rows[(order * 7919) % pool.rows.length];
      return `${order}${row?.text.replace(/^,0,/, `,${day},`)}`;
    });
    await file.write(lines.join(''));
  }
  await file.close();
}
