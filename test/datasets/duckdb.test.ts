/** DuckDB in a service: what it is asked, and what becomes of runs whose DuckDB is killed. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { soak } from '../faults/soak.js';
import { declaredIn } from '../support/declared.js';
import { startSeveral } from '../support/several.js';
import { makeTempDir } from '../support/temp-dir.js';

const yaml = `
datasets:
  trips:
    raw: raw/{day}/*.csv
    day: date
    columns: { zone: text, fare: "decimal(12,2)?", seconds: integer }
    by: [zone]
    measures: { trips: count(), fare: sum(fare), longest: max(seconds) }
    output: out/trips.csv
`;

async function startTrips(text = yaml) {
  const base = await makeTempDir();
  const [trips] = declaredIn(join(base, 'daymark.yaml'), text);
  if (trips === undefined) throw new Error('there is no dataset');
  await mkdir(join(base, 'raw'), { recursive: true });
  const service = await startSeveral({ datasets: { trips } });
  const land = async (day: string, rows: string) => {
    const path = join(base, 'raw', day, 'part.csv');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `zone,fare,seconds\n${rows}`);
  };
  return { ...service, land, output: join(base, 'out', 'trips.csv') };
}

it('reads a dataset of columns by default, and the ledger says so', {
  timeout: 60_000,
}, async () => {
  const { land, run, http, output } = await startTrips();
  await land('2026-11-23', 'B,2.25,30\nA,1.50,60\nA,,90\n');
  await land('2026-11-24', 'A,1.5,6\n');
  const { body } = await run('trips');
  expect(body).toMatchObject({ status: 'succeeded', engine: 'duckdb' });
  expect(await readFile(output, 'utf8')).toBe(
    'date,zone,trips,fare,longest\n2026-11-23,A,2,1.50,90\n2026-11-23,B,1,2.25,30\n2026-11-24,A,1,1.50,6\n',
  );
  expect((await http.get('/v1/days/2026-11-23')).body.commit.engine).toBe('duckdb');
});

it('fails a day in the words of the reference', { timeout: 60_000 }, async () => {
  const { land, run, http } = await startTrips();
  await land('2026-11-23', 'A,1.50,60\nA,1.505,1e3\n');
  await land('2026-11-24', 'A,1.50,60\n');
  const { body } = await run('trips');
  const { body: failed } = await http.get(`/v1/datasets/trips/runs/${body.runId}`);
  const places = { file: 'part.csv', line: 3 };
  expect(failed.days).toMatchObject([
    {
      outcome: 'failed',
      error: {
        problems: [
          { ...places, column: 'fare', value: '1.505' },
          { ...places, column: 'seconds', value: '1e3' },
        ],
      },
    },
    { day: '2026-11-24', outcome: 'added' },
  ]);
});

/** DuckDB's processes of this one. */
async function children(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const isOurs = status.includes(`\nPPid:\t${process.pid}\n`) && /duckdb.child/.test(line);
      return isOurs ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

const rows = (count: number, seed: number) =>
  Array.from({ length: count }, (_, at) => `zone ${(at * seed) % 50},${at % 90}.25,${at}\n`).join(
    '',
  );

/** Kills it `moment` ms after there is one; `always`: and every other that follows, until `isOver`. */
async function kill(moment: number, always: boolean, isOver: () => boolean): Promise<void> {
  while ((await children()).length === 0 && !isOver()) await sleep(2);
  await sleep(moment);
  do {
    for (const pid of await children()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        // It has ended by itself meanwhile.
        expect(error).toMatchObject({ code: 'ESRCH' });
      }
    }
    await sleep(2);
  } while (always && !isOver());
}

/** The query takes some tenths of a second. */
const moments = soak ? Array.from({ length: 60 }, (_, at) => at * 10) : [0, 30, 80, 150, 250, 400];
const days = ['2026-11-23', '2026-11-24', '2026-11-25'];

interface RanDay {
  readonly day: string;
  readonly outcome: string;
  readonly error: { readonly code: string } | null;
}

it('killed at any moment it leaves nothing wrong, and the next run is right', {
  timeout: 1_200_000,
}, async () => {
  const { land, run, http } = await startTrips();
  const verify = async () => (await http.get('/v1/verify?wait=120&engine=csv')).body;
  const statuses: string[] = [];
  const failures: unknown[] = [];
  for (const [round, moment] of moments.entries()) {
    for (const [at, day] of days.entries()) await land(day, rows(20_000, round * 3 + at + 1));
    await kill(0, false, () => true);
    let isOver = false;
    const killing = kill(moment, round % 2 === 0, () => isOver);
    const { body } = await run('trips');
    isOver = true;
    await killing;
    const { body: ran } = await http.get(`/v1/runs/${body.runId ?? body.id}`);
    statuses.push(ran.status);
    const failed = ran.days.filter(({ outcome }: RanDay) => outcome === 'failed');
    failures.push(...failed.map(({ error }: RanDay) => error?.code));
    const pending = new Set(failed.map(({ day }: RanDay) => day));
    for (const { day, verdict } of (await verify()).days)
      expect(verdict === 'same', `${day} at ${moment} ms: ${verdict}`).toBe(!pending.has(day));
    expect((await run('trips')).body).toMatchObject({ status: 'succeeded' });
    expect(await verify()).toMatchObject({ ok: true });
  }
  expect(new Set(failures)).toEqual(new Set(['engine-failed']));
  expect(statuses).toContain('succeeded');
});
