import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Engine, EngineJob } from '../../../src/core/ports/engine.js';
import { layoutOf } from '../../../src/model/day.js';
import { plainCsv } from '../../../src/model/file-form.js';
import { countedOf, seed } from '../../support/counted.js';
import type { RawDayFile } from '../workloads/raw-day.js';
import { benchDay } from '../workloads/rows.js';
import type { Attempt, Contestant } from './contestant.js';

/** An engine of Daymark's by itself, in this process; its threads are warm. */
export function bareEngine(name: string, engine: Engine): Contestant {
  return {
    name,
    enter: async (day) => {
      const job = await jobFor(day);
      return { attempt: () => aggregate(engine, job), leave: async () => undefined };
    },
  };
}

async function aggregate(engine: Engine, job: EngineJob): Promise<Attempt> {
  const startedAt = performance.now();
  const result = await engine.aggregate(job);
  const ms = performance.now() - startedAt;
  if (result.kind === 'rejected') throw new Error(result.problems[0]?.message);
  return { ms, jobMs: null, rows: result.rows.map(countedOf) };
}

async function jobFor({ path }: RawDayFile): Promise<EngineJob> {
  const layout = layoutOf('index');
  const day = layout.parse(benchDay);
  if (day === null) throw new Error(`${benchDay} is no day`);
  const { size, mtimeNs } = await stat(path, { bigint: true });
  const file = {
    name: basename(path),
    path,
    sizeBytes: Number(size),
    mtimeNs: String(mtimeNs),
    form: plainCsv,
  };
  return {
    day,
    definition: seed,
    files: [file],
    complete: false,
    signal: new AbortController().signal,
  };
}
