import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, release, type as system, totalmem } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command.js';

/** Under which circumstances a part was measured. */
export interface Facts {
  readonly command: string;
  readonly commit: string;
  /** Whether files differed from the commit. */
  readonly modified: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Of the last minute, before and after. */
  readonly loadAtStart: number;
  readonly loadAtEnd: number;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
  readonly redis: string;
  /** Of the libraries that were measured or that measured. */
  readonly packages: Readonly<Record<string, string>>;
}

type Beginning = Omit<Facts, 'finishedAt' | 'loadAtEnd'>;

/** As many as the machine runs at once, for everyone who can use them; `scan` takes at most 8. */
export const threads = Math.min(availableParallelism(), 8);

export async function factsAtStart(args: readonly string[]): Promise<Beginning> {
  return {
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    commit: (await git('rev-parse', '--short=12', 'HEAD')).trim(),
    modified: (await git('status', '--porcelain')).trim() !== '',
    startedAt: new Date().toISOString(),
    loadAtStart: load(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    kernel: `${system()} ${release()}`,
    node: process.version,
    redis: await redisVersion(),
    packages: await versions('fastify', 'csv-parse', '@duckdb/node-api', 'autocannon'),
  };
}

export function completeFacts(beginning: Beginning): Facts {
  return { ...beginning, finishedAt: new Date().toISOString(), loadAtEnd: load() };
}

function load(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}

/** Outside a repository there is no commit to name. */
async function git(...args: string[]): Promise<string> {
  try {
    return (await runCommand('git', args)).stdout;
  } catch {
    return 'unknown';
  }
}

async function redisVersion(): Promise<string> {
  const { stdout } = await runCommand('redis-server', ['--version']);
  return /v=(\S+)/.exec(stdout)?.[1] ?? 'unknown';
}

async function versions(...names: string[]): Promise<Record<string, string>> {
  const require = createRequire(join(process.cwd(), 'package.json'));
  const found = names.map(async (name) => {
    const folder = require.resolve.paths(name)?.[0] ?? '';
    const manifest = await readFile(join(folder, name, 'package.json'), 'utf8');
    return [name, String(JSON.parse(manifest).version)] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}
