import { runCommand } from '../run-command.js';
import type { Contestant } from './contestant.js';

/**
 * What it costs to pass over the bytes at all. What the same program takes for an empty file is measured
 * beside it, and taken off for the time of the job alone.
 */
export function floor(name: string, command: string, args: readonly string[]): Contestant {
  const run = async (path: string) =>
    (await runCommand(command, [...args, path], { stdout: 'ignore' })).ms;
  return {
    name,
    enter: async ({ path }) => ({
      attempt: async () => {
        const startMs = await run('/dev/null');
        const ms = await run(path);
        return { ms, jobMs: Math.max(0, ms - startMs), rows: null };
      },
      leave: async () => undefined,
    }),
  };
}
