/** What is done to a service with DuckDB while its runs work, and what it says meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../src/sample/random.js';
import { eventually } from '../support/eventually.js';
import type { ServiceProcess } from '../support/service-process.js';
import { must } from './checks.js';
import {
  childrenOf,
  type FireDataset,
  type FireDay,
  type FirePlace,
  randomTrips,
  signal,
} from './duckdb-scene.js';
import { soak } from './soak.js';

/** Of a file. A query over some takes tenths of a second. */
const mostRows = soak ? 40_000 : 4_000;
/** A cancelled query may take 3 seconds to end before its process is killed. */
const cancelledMs = 10_000;

export const counts = {
  roundsUnderFire: 0,
  engineProcessesKilled: 0,
  engineProcessesFrozen: 0,
  servicesKilledWithThem: 0,
  rawFilesSwapped: 0,
};

export interface Scene {
  readonly place: FirePlace;
  readonly random: Random;
  readonly tmp: string;
  service: ServiceProcess;
  restart(): Promise<void>;
}

export interface RanDay {
  readonly day: string;
  readonly outcome: string;
  readonly error: { readonly code: string; readonly detail: string } | null;
}

/** What can be wrong with a day whose files, or whose DuckDB, somebody else disturbs. */
const told =
  /DuckDB's process ended by SIGKILL|DuckDB could not be loaded|DuckDB's process hangs: it was silent for 60000 ms/;

export function tripsOf(random: Random) {
  return randomTrips(random, 1 + random.below(random.below(3) === 0 ? mostRows : 50));
}

// ---------------------------------------------------------------- what is done to it

export type Mischief = (scene: Scene, isOver: () => boolean) => Promise<void>;

export const mischief: Readonly<Record<string, Mischief>> = {
  /** One after the other, as long as there are any. */
  killOften: async ({ service, random }, isOver) => {
    while (!isOver()) {
      await sleep(random.below(250));
      for (const pid of childrenOf(service.child.pid))
        if (signal(pid, 'SIGKILL')) counts.engineProcessesKilled += 1;
    }
  },
  swap: async ({ place, random }, isOver) => {
    const all = place.datasets.flatMap((dataset) => [...dataset.days.values()]);
    while (!isOver()) {
      await swapSome(all[random.below(all.length)] as FireDay, random);
      await sleep(random.below(8));
    }
    // The last state of each is a sound one.
    for (const day of all) for (const part of ['a', 'b']) await day.land(part, tripsOf(random));
  },
  freezeAndCancel: async (scene, isOver) => {
    const { service, random } = scene;
    await untilSome(service, isOver);
    await sleep(random.below(200));
    const frozen = childrenOf(service.child.pid).filter((pid) => signal(pid, 'SIGSTOP'));
    counts.engineProcessesFrozen += frozen.length;
    await sleep(random.below(300));
    await answers(scene);
    const began = performance.now();
    await Promise.all(scene.place.datasets.map(({ kind }) => cancel(scene, kind)));
    await eventually(() => must(isOver(), 'a cancelled run goes on'), cancelledMs);
    must(performance.now() - began < cancelledMs, 'a run took too long to be cancelled');
    // It is ended with the query that it had, or with the next one that it does not answer.
    for (const pid of frozen) signal(pid, 'SIGCONT');
  },
  /** Nobody is left to remove what they spill, but the next one to start. */
  killAll: async (scene, isOver) => {
    const { service, random } = scene;
    await untilSome(service, isOver);
    await sleep(random.below(200));
    const left = childrenOf(service.child.pid);
    for (const pid of left) signal(pid, 'SIGSTOP');
    counts.servicesKilledWithThem += 1;
    await service.end('SIGKILL');
    for (const pid of left) if (signal(pid, 'SIGKILL')) counts.engineProcessesKilled += 1;
    await scene.restart();
  },
  // As many as the short form has rounds; what follows is for the soak.
  killService: async (scene, isOver) => {
    const { service, random } = scene;
    await untilSome(service, isOver);
    await sleep(random.below(200));
    const left = childrenOf(service.child.pid);
    counts.servicesKilledWithThem += 1;
    await service.end('SIGKILL');
    await eventually(() => must(left.every(isGone), 'a process of DuckDB outlives its service'));
    await scene.restart();
  },
  freezeForAMoment: async ({ service, random }, isOver) => {
    while (!isOver()) {
      const pids = childrenOf(service.child.pid);
      for (const pid of pids) if (signal(pid, 'SIGSTOP')) counts.engineProcessesFrozen += 1;
      await sleep(random.below(400));
      for (const pid of pids) signal(pid, 'SIGCONT');
      await sleep(random.below(100));
    }
  },
  /** It is ended once it was silent for a minute, and the next run has another. */
  hang: async (scene, isOver) => {
    const { service } = scene;
    await untilSome(service, isOver);
    const frozen = childrenOf(service.child.pid).filter((pid) => signal(pid, 'SIGSTOP'));
    counts.engineProcessesFrozen += frozen.length;
    while (!isOver()) await answers(scene);
    for (const pid of frozen) signal(pid, 'SIGCONT');
  },
  /** Another service over the same folders has the same days to make, with processes of its own. */
  beside: async (scene, isOver) => {
    const other = scene.place.start({ TMPDIR: scene.tmp });
    await other.url();
    let isOtherOver = false;
    const running = runAll({ ...scene, service: other }).finally(() => {
      isOtherOver = true;
    });
    const killing = async () => {
      while (!(isOver() && isOtherOver)) {
        await sleep(scene.random.below(400));
        const [pid] = childrenOf((scene.random.below(2) === 0 ? other : scene.service).child.pid);
        if (pid !== undefined && signal(pid, 'SIGKILL')) counts.engineProcessesKilled += 1;
      }
    };
    const [ran] = await Promise.all([running, killing()]);
    checkRuns(ran, mischief['beside']);
    await other.end('SIGKILL');
  },
  nothing: async (scene, isOver) => {
    while (!isOver()) await answers(scene);
  },
};

async function untilSome({ child }: ServiceProcess, isOver: () => boolean): Promise<void> {
  while (childrenOf(child.pid).length === 0 && !isOver()) await sleep(2);
}

function isGone(pid: number): boolean {
  return !signal(pid, 0 as unknown as NodeJS.Signals);
}

async function swapSome(day: FireDay, random: Random): Promise<void> {
  counts.rawFilesSwapped += 1;
  const part = random.below(2) === 0 ? 'a' : 'b';
  // There may be none yet.
  const isWhole = (day.parts.get(part) ?? null) !== null;
  switch (random.below(5)) {
    case 0:
      return day.rewrite(part, tripsOf(random));
    case 1:
      if (!isWhole) return day.land(part, tripsOf(random));
      await day.cut(part, random.below(2) === 0);
      return void (await sleep(random.below(60)));
    case 2:
      if (!isWhole) return day.land(part, tripsOf(random));
      await day.append(part, tripsOf(random));
      return void (await sleep(random.below(60)));
    default:
      return day.land(part, tripsOf(random));
  }
}

// ---------------------------------------------------------------- what is asked of it

async function ask({ service }: Scene, method: string, path: string): Promise<Answered> {
  const url = await service.url();
  const answer = await fetch(`${url}${path}`, { method, signal: AbortSignal.timeout(600_000) });
  return { code: answer.status, body: await answer.json() };
}

interface Answered {
  readonly code: number;
  // biome-ignore lint/suspicious/noExplicitAny: what an outside client sees has no type.
  readonly body: any;
}

/** The days of each dataset's run; null where the service died. */
export async function runAll(scene: Scene): Promise<ReadonlyMap<string, readonly RanDay[] | null>> {
  const runs = scene.place.datasets.map(async ({ kind }) => {
    const route = `/v1/datasets/${kind}/runs`;
    const { service } = scene;
    try {
      const { body } = await ask(scene, 'POST', `${route}?wait=500`);
      const { body: run } = await ask(scene, 'GET', `${route}/${body.runId ?? body.id}`);
      must(/^(?:succeeded|failed|cancelled)$/.test(run.status), `a run is ${run.status}`);
      return [kind, run.days as RanDay[]] as const;
    } catch (error) {
      // The connection breaks before the end is told.
      await Promise.race([service.ended(), sleep(5_000)]);
      must(
        service.child.signalCode === 'SIGKILL',
        `it does not answer: ${error}\n${service.output().slice(-2_000)}`,
      );
      return [kind, null] as const;
    }
  });
  return new Map(await Promise.all(runs));
}

export function checkRuns(
  ran: Awaited<ReturnType<typeof runAll>>,
  act: Mischief | undefined,
): void {
  const changes = act === mischief['swap'];
  for (const [kind, all] of ran) {
    for (const { day, error } of all ?? []) {
      if (error === null || error === undefined) continue;
      const { code, detail } = error;
      const isExpected =
        code === 'engine-failed' ? told.test(detail) : changes && code.startsWith('raw-');
      must(isExpected, `day ${day} of ${kind}: ${code}, ${detail}`);
    }
  }
}

async function answers(scene: Scene): Promise<void> {
  const { kind } = scene.place.datasets[
    scene.random.below(scene.place.datasets.length)
  ] as FireDataset;
  const began = performance.now();
  const { code } = await ask(scene, 'GET', `/v1/datasets/${kind}/days`);
  must(code === 200, `it answers ${code}`);
  must(performance.now() - began < 5_000, 'it took more than 5 seconds to answer');
  await sleep(20);
}

async function cancel(scene: Scene, kind: string): Promise<void> {
  const route = `/v1/datasets/${kind}/runs`;
  const { body } = await ask(scene, 'GET', `${route}?limit=1`);
  const [run] = body.runs as { readonly id: string; readonly status: string }[];
  if (run !== undefined && /^(?:queued|running)$/.test(run.status))
    await ask(scene, 'POST', `${route}/${run.id}/cancel`);
}
