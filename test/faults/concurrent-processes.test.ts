/**
 * Several services over one folder, as processes: triggered at once with different days, frozen, killed
 * and started again at random moments, while another process reads the output all the time.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type StateFolder, stateFolderOf } from '../../src/output/state-folder.js';
import { createRandom, type Random } from '../../src/sample/random.js';
import { seed } from '../support/seed.js';
import { outputHeader, rawText } from '../support/service.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';
import { must } from './checks.js';
import { manyCasesMs, soak } from './soak.js';

const roundsMs = soak ? 120_000 : 6_000;
const readerScript = fileURLToPath(new URL('tight-reader.mjs', import.meta.url));
const hours = Array.from({ length: 24 }, (_, hour) => hour);

describe.each([2, 4])('%i processes over one folder', (count) => {
  it(
    `never show half a day, and end with every day once (seed ${seed})`,
    async () => {
      process.stdout.write(`Concurrent processes: ${count}, seed ${seed}.\n`);
      const random = createRandom(`${seed}/${count}`);
      const place = await makePlace();
      const processes = Array.from({ length: count }, () => place.start());
      for (const each of processes) await each.url();
      const reader = watchOutput(place);
      const until = performance.now() + roundsMs;
      const lives = processes.map((_, index) => disturb(place, processes, index, random, until));
      const landing = landDays(place, random, until);
      await Promise.all([...lives, landing]);
      const { reads, versions } = await reader.stop();

      // A last day, so that a commit passes by all that the killed ones left.
      await place.land('40', 1);
      await settle(processes[0] as ServiceProcess);
      expect(await readFile(place.folder.output, 'utf8')).toBe(expectedOutput(place.landed));
      // What a process tries at its start, and leaves where it is killed, goes with the next start.
      await place.start().url();
      await checkFolders(place.folder);
      process.stdout.write(
        `${count} processes: ${place.tally()}; ${reads} reads saw ${versions} versions.\n`,
      );
      expect(versions).toBeGreaterThan(1);
    },
    manyCasesMs,
  );
});

interface Place {
  readonly folder: StateFolder;
  /** What each day's raw folder says, every version of it, the newest last. */
  readonly landed: Map<string, number[]>;
  /** What happened, and how often. */
  readonly counts: Map<string, number>;
  note(what: string): void;
  start(): ServiceProcess;
  land(day: string, factor: number): Promise<void>;
  tally(): string;
}

async function makePlace(): Promise<Place> {
  const root = await makeTempDir();
  const rawDir = join(root, 'raw');
  const folder = stateFolderOf(join(root, 'processed', 'orders.csv'));
  await mkdir(rawDir);
  const landed: Place['landed'] = new Map();
  const counts: Place['counts'] = new Map();
  const land = async (day: string, factor: number) => {
    landed.set(day, [...(landed.get(day) ?? []), factor]);
    await mkdir(join(rawDir, day), { recursive: true });
    const path = join(rawDir, day, 'orders.csv');
    // As a careful producer does: under a name that does not count, then renamed.
    await writeFile(join(rawDir, day, '_orders.tmp'), rawOf(factor));
    await rename(join(rawDir, day, '_orders.tmp'), path);
  };
  return {
    folder,
    landed,
    counts,
    note: (what) => void counts.set(what, (counts.get(what) ?? 0) + 1),
    land,
    start: () =>
      startServiceProcess({
        DAYMARK_RAW_DIR: rawDir,
        DAYMARK_OUTPUT_FILE: folder.output,
        DAYMARK_LOG_LEVEL: 'info',
      }),
    tally: () =>
      [...counts]
        .sort()
        .map(([what, number]) => `${what} ${number}`)
        .join(', '),
  };
}

/** A row an hour; `factor` tells one version of a day from another. */
function rawOf(factor: number): string {
  return rawText(hours.map((hour) => [hour, { apples: factor, milk: factor + hour }]));
}

function rowsOf(day: string, factor: number): string {
  return hours
    .map((hour) => `${day},${hour},apples,${factor}\n${day},${hour},milk,${factor + hour}\n`)
    .join('');
}

function expectedOutput(landed: Place['landed']): string {
  const days = [...landed].sort(([a], [b]) => Number(a) - Number(b));
  return outputHeader + days.map(([day, factors]) => rowsOf(day, factors.at(-1) ?? 0)).join('');
}

async function landDays(place: Place, random: Random, until: number): Promise<void> {
  for (let factor = 1; performance.now() < until; factor += 1) {
    // Late days and changed days among new ones.
    await place.land(String(random.below(40)), factor);
    await sleep(20 + random.below(120));
  }
}

/** One process's life: triggered over and over, frozen now and then, killed and started again. */
async function disturb(
  place: Place,
  processes: ServiceProcess[],
  index: number,
  random: Random,
  until: number,
): Promise<void> {
  while (performance.now() < until) {
    const current = processes[index] as ServiceProcess;
    const fate = random.below(8);
    const run = trigger(place, current);
    await sleep(random.below(80));
    if (fate === 0) {
      place.note('killed');
      await current.end('SIGKILL');
      processes[index] = place.start();
    } else if (fate < 4) {
      place.note('frozen');
      current.child.kill('SIGSTOP');
      await sleep(random.below(400));
      current.child.kill('SIGCONT');
    }
    await run;
  }
}

/** A run that the process answers, or does not live to answer. */
async function trigger(place: Place, service: ServiceProcess): Promise<void> {
  try {
    const url = await service.url();
    const answer = await fetch(`${url}/v1/runs?wait=60`, { method: 'POST' });
    const { status, run, detail } = (await answer.json()) as Answered;
    const days = (run ?? { days: [] }).days ?? [];
    const errors = days.flatMap(({ error }) => (error === undefined ? [] : [error.code]));
    place.note(answer.status === 200 ? 'succeeded' : `${status} ${errors[0] ?? detail}`);
  } catch {
    place.note('died');
  }
}

interface Answered {
  readonly status: unknown;
  readonly detail?: string;
  readonly run?: { readonly days?: readonly { readonly error?: { readonly code: string } }[] };
}

async function settle(service: ServiceProcess): Promise<void> {
  const url = await service.url();
  const answer = await fetch(`${url}/v1/runs?wait=60`, { method: 'POST' });
  must(answer.status === 200, `the last run: ${await answer.text()}`);
}

/** A process that reads all the time; what it saw is looked at here, every version of it. */
function watchOutput(place: Place) {
  const reader = spawn(process.execPath, [readerScript, place.folder.output], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(reader, 'close');
  onTestFinished(async () => {
    reader.kill('SIGKILL');
    await closed;
  });
  const texts: string[] = [];
  let reads = 0;
  createInterface({ input: reader.stdout }).on('line', (line) => {
    const told = JSON.parse(line) as { readonly text?: string; readonly reads?: number };
    if (told.text !== undefined) texts.push(told.text);
    reads += told.reads ?? 0;
  });
  return {
    stop: async () => {
      reader.kill('SIGTERM');
      await closed;
      for (const text of texts) checkWhole(place, text);
      must(reads > 0, 'the reader did not reach its end');
      return { reads, versions: texts.length };
    },
  };
}

/** Header first, days in order, and each day as one of its raw versions says, whole. */
function checkWhole({ landed }: Place, text: string): void {
  must(text.startsWith(outputHeader), 'a reader sees no header');
  must(text.endsWith('\n'), 'a reader sees half a line');
  const days = new Map<string, string>();
  for (const line of text.slice(outputHeader.length).split('\n').slice(0, -1)) {
    const day = line.slice(0, line.indexOf(','));
    days.set(day, `${days.get(day) ?? ''}${line}\n`);
  }
  for (const [day, rows] of days) {
    const factors = landed.get(day) ?? [];
    const isOne = factors.some((factor) => rowsOf(day, factor) === rows);
    must(isOne, `a reader sees of day ${day}:\n${rows}`);
  }
  const names = [...days.keys()].map(Number);
  must(names.join() === [...names].sort((a, b) => a - b).join(), 'the days are out of order');
}

async function checkFolders(folder: StateFolder): Promise<void> {
  const versions = (await readdir(folder.commits))
    .filter((name) => name.endsWith('.json'))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
  const first = versions[0] ?? 0;
  const unbroken = versions.every((version, index) => version === first + index);
  must(unbroken && versions.length <= 50, `the ledger holds ${versions.join()}`);
  expect(await readdir(folder.staged)).toEqual([]);
  expect(await readdir(folder.backup)).toEqual([]);
}
