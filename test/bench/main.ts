/** `npm run bench`: see options.ts for what it takes, results.ts for what it writes. */
import { resolve } from 'node:path';
import { completeFacts, factsAtStart } from './facts.js';
import { type BenchOptions, help, type PartName, parseOptions } from './options.js';
import { measureBackfill } from './parts/backfill.js';
import { measureColumns } from './parts/columns.js';
import { measureDatasets } from './parts/datasets.js';
import { measureDays } from './parts/days.js';
import { measureGrowth } from './parts/growth.js';
import { measureHttp } from './parts/http.js';
import { measureLarge } from './parts/large.js';
import { measureMemory } from './parts/memory.js';
import type { Setting } from './parts/part.js';
import { measureScale } from './parts/scale.js';
import { type Measured, type PartResults, writeResult } from './results.js';
import { cleanUpHoweverItEnds, openFolder, removeFolder } from './scratch.js';
import { startBenchRedis } from './service/redis.js';
import { complain, say } from './terminal.js';
import { WrongResult } from './workloads/check-rows.js';

/** As sysexits.h has them; 1 for a wrong result. */
const exitCodes = { done: 0, wrong: 1, usage: 64, software: 70 } as const;

const parts: {
  readonly [Part in PartName]: (setting: Setting) => Promise<PartResults[Part]>;
} = {
  days: measureDays,
  large: measureLarge,
  growth: measureGrowth,
  http: measureHttp,
  columns: measureColumns,
  backfill: measureBackfill,
  memory: measureMemory,
  scale: measureScale,
  datasets: measureDatasets,
};

process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args);
  switch (parsed.kind) {
    case 'help':
      say(help);
      return exitCodes.done;
    case 'mistake':
      complain(`${parsed.sentence}\nSee --help.`);
      return exitCodes.usage;
    case 'options':
      return await bench(parsed.options, args);
    default:
      return parsed satisfies never;
  }
}

async function bench(options: BenchOptions, args: readonly string[]): Promise<number> {
  cleanUpHoweverItEnds();
  try {
    for (const part of options.parts) await measure(part, options, args);
    return exitCodes.done;
  } catch (error) {
    complain(
      error instanceof WrongResult ? `Wrong result: ${error.message}` : String(stackOf(error)),
    );
    return error instanceof WrongResult ? exitCodes.wrong : exitCodes.software;
  }
}

async function measure(part: PartName, options: BenchOptions, args: readonly string[]) {
  const { quick, python, dir } = options;
  const folder = await openFolder(dir);
  const redis = await startBenchRedis(folder);
  const beginning = await factsAtStart(args);
  const result = await parts[part]({ quick, python, folder, redis });
  const measured: Measured<PartName> = { format: 1, facts: completeFacts(beginning), result };
  await redis.stop();
  await removeFolder(folder);
  const path = await writeResult(resolve('.bench', quick ? 'quick' : 'results'), part, measured);
  say(`\nWritten to ${path}.`);
}

function stackOf(error: unknown): unknown {
  return error instanceof Error ? error.stack : error;
}
