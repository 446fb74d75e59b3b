/** Runs `marked-process.mjs`: a whole run in a process of its own, which stops itself where it is told to. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunError } from '../../src/model/run.js';
import { request } from '../core/plane.js';
import { eventually } from '../support/eventually.js';

const script = fileURLToPath(new URL('marked-process.mjs', import.meta.url));

export interface MarkedOperation {
  readonly index: number;
  /** As in `Disk`; on an opened file with `file.` before it. */
  readonly name: string;
  readonly paths: readonly string[];
}

export interface Mark {
  readonly at: number;
  readonly moment: 'before' | 'after';
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

/** What the process says when it reaches its end. */
export interface MarkedRun {
  readonly status: string;
  readonly commit: number | null;
  readonly warnings: readonly string[];
  readonly error: RunError | null;
  readonly operations: readonly MarkedOperation[];
}

export interface MarkedProcess {
  readonly child: ChildProcess;
  /** Resolves when it has stopped itself. */
  stopped(): Promise<void>;
  /** Null where it was killed before its end. */
  ended(): Promise<MarkedRun | null>;
}

/** `value`: what its definition calls the counts, where that is not the seed's word. */
export function startMarked(root: string, mark?: Mark, value?: string): MarkedProcess {
  const given = JSON.stringify({ root, request: request(), ...mark, value });
  const child = spawn(process.execPath, [script, given], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let complained = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complained += text;
  });
  const closed = once(child, 'close');
  return {
    child,
    stopped: () =>
      eventually(() => {
        if (child.exitCode !== null) throw new Error(`it ended: ${complained}`);
        const [, state] = /\) (\w)/.exec(readFileSync(`/proc/${child.pid}/stat`, 'utf8')) ?? [];
        if (state !== 'T') throw new Error(`it is in state ${state}`);
      }, 30_000),
    ended: async () => {
      await closed;
      if (child.signalCode === 'SIGKILL') return null;
      if (child.exitCode !== 0) throw new Error(`it ended with ${child.exitCode}: ${complained}`);
      return JSON.parse(printed) as MarkedRun;
    },
  };
}

const changing = ['create', 'file.write', 'link', 'rename', 'exchange', 'remove', 'makeFolder'];

/** Whether a name leads to something else afterwards. */
export const isMove = ({ name }: MarkedOperation) => ['link', 'rename', 'exchange'].includes(name);

/** Whether the folder is another one afterwards. */
export const isChange = ({ name }: MarkedOperation) => changing.includes(name);

export function shown({ index, name, paths }: MarkedOperation): string {
  return `${index}: ${name} ${paths.map((path) => path.split('/').slice(-2).join('/')).join(' → ')}`;
}
