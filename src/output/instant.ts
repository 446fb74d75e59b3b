/**
 * Whether something came between the last look at the output and the rename that replaced it. Linux tells
 * of changes in their order: that the folder's name leads to another file, that the old output lost a name,
 * that the new one was moved. Seen from before the look, the first must come once before the last.
 */
import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Instant {
  /** To be asked once the rename is done; false also where that cannot be told. */
  isLost(): Promise<boolean>;
  close(): void;
}

/** What happened is told at once; this is for a machine that is busy, and for systems that do not tell. */
const patienceMs = 200;

/** `copy` is another name of what is the output now, `staged` the file that is to take its place. */
export function watchInstant(output: string, copy: string, staged: string): Instant {
  const watchers: FSWatcher[] = [];
  let replacements = 0;
  const moved = new Promise<number>((resolve) => {
    try {
      watchers.push(
        watch(dirname(output), (_, name) => {
          if (name === basename(output)) replacements += 1;
        }),
        // Two replacements in a row are told as one, unless something else is told between them.
        watch(copy, () => {}),
        watch(staged, (kind) => {
          if (kind === 'rename') resolve(replacements);
        }),
      );
    } catch {
      // The system has no more watches to give, or one of the files is gone: the rename will tell.
      resolve(0);
    }
  });
  return {
    isLost: async () => {
      const waiting = new AbortController();
      const untold = sleep(patienceMs, 0, waiting).catch(() => 0);
      const before = await Promise.race([moved, untold]);
      waiting.abort();
      return before > 1;
    },
    close: () => {
      for (const watcher of watchers) watcher.close();
    },
  };
}
