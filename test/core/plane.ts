/** A control plane over real files, with an engine that can be held at a gate. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createEmbeddedCheckpoint } from '../../src/checkpoint/embedded.js';
import {
  type ControlPlaneOptions,
  createControlPlane,
} from '../../src/core/create-control-plane.js';
import type { Observer } from '../../src/core/observer.js';
import type { Engine } from '../../src/core/ports/engine.js';
import { createCsvEngine } from '../../src/engine/csv/engine.js';
import { findSameTexts } from '../../src/engine/same-texts.js';
import { layoutOf } from '../../src/model/day.js';
import { seedDefinition } from '../../src/model/definition.js';
import { dayFoldersIn } from '../../src/model/path-template.js';
import type { RunRequest } from '../../src/model/run.js';
import { createOutputStore } from '../../src/output/output-store.js';
import { createRunFiles } from '../../src/output/run-files.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { createRawStore } from '../../src/raw/raw-store.js';
import { shape } from '../support/counted.js';
import { onOwnThread } from '../support/own-thread.js';
import { type RawRow, rawText } from '../support/service.js';
import { makeTempDir } from '../support/temp-dir.js';

export interface Gate {
  /** Days wait at the gate from now on. */
  close(): void;
  open(): void;
  /** Resolves when a day waits at the gate. */
  reached(): Promise<void>;
}

const layout = layoutOf('index');

export const silent: Observer = {
  reconciled: () => {},
  noticed: () => {},
  advanced: () => {},
  checkpointUnavailable: () => {},
  runStarted: () => {},
  dayFinished: () => {},
  runFinished: () => {},
  rewound: () => {},
  warning: () => {},
};

export function request(traits: Partial<RunRequest> = {}): RunRequest {
  return {
    select: 'pending',
    days: null,
    dryRun: false,
    engine: 'csv',
    engineAsked: true,
    onDayFailure: 'continue',
    ...traits,
  };
}

export const queued = { key: null, ifActive: 'queue' } as const;

export async function makePlane(root?: string, traits: Partial<ControlPlaneOptions> = {}) {
  const base = root ?? (await makeTempDir());
  const rawDir = join(base, 'raw');
  await mkdir(rawDir, { recursive: true });
  const folder = stateFolderOf(join(base, 'processed', 'orders.csv'));
  const { engine, gate } = gated(createCsvEngine());
  const plane = createControlPlane({
    definition: seedDefinition('index', ['order_id', 'order_dow', 'order_hour_of_day']),
    raw: createRawStore({
      template: dayFoldersIn(rawDir, layout),
      requireSuccessFile: false,
      watch: onOwnThread,
    }),
    output: createOutputStore({ folder, shape }),
    checkpoint: createEmbeddedCheckpoint({ path: folder.checkpoint }),
    checkpointTimeoutMs: 250,
    watchIntervalMs: 0,
    history: createRunFiles({ folder, onUnreadable: () => {} }),
    engines: new Map([['csv', engine]]),
    defaultEngine: 'csv',
    sparkFromBytes: Number.POSITIVE_INFINITY,
    fileChecks: { identicalFiles: 'fail', requireFinalNewline: false, findSameTexts },
    observer: silent,
    ...traits,
  });
  await plane.start();
  onTestFinished(async () => {
    gate.open();
    await plane.stop();
  });

  return {
    plane,
    gate,
    folder,
    root: base,
    land: async (day: string, rows: RawRow[] | string = [[8, { milk: 1 }]]) => {
      await mkdir(join(rawDir, day), { recursive: true });
      const text = typeof rows === 'string' ? rows : rawText(rows);
      await writeFile(join(rawDir, day, 'orders.csv'), text);
    },
    removeRaw: (day: string) => rm(join(rawDir, day), { recursive: true }),
    /** Submits and waits for the end. */
    finish: async (traitsOfRequest: Partial<RunRequest> = {}, key: string | null = null) => {
      const { run } = await plane.submit(request(traitsOfRequest), { key, ifActive: 'queue' });
      return plane.wait(run.id, 20_000, new AbortController().signal);
    },
    ended: (runId: string) => plane.wait(runId, 20_000, new AbortController().signal),
  };
}

function gated(inner: Engine): { engine: Engine; gate: Gate } {
  let closed = false;
  let open = () => {};
  let opened = Promise.resolve();
  let arrived = () => {};
  let arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });

  const gate: Gate = {
    close: () => {
      closed = true;
      opened = new Promise((resolve) => {
        open = resolve;
      });
      arrival = new Promise((resolve) => {
        arrived = resolve;
      });
    },
    open: () => {
      closed = false;
      open();
    },
    reached: () => arrival,
  };
  const engine: Engine = {
    ...inner,
    aggregate: async (job) => {
      if (closed) {
        arrived();
        await Promise.race([opened, aborted(job.signal)]);
      }
      job.signal.throwIfAborted();
      return inner.aggregate(job);
    },
  };
  return { engine, gate };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
}
