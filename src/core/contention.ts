/**
 * Detects whether another program moves the checkpoint, or commits to the output with other settings. A single look
 * shows neither: it finds one value, and corrects it.
 */

import type { StoredCheckpoint } from '../model/checkpoint.js';
import type { WriterSettings } from '../model/ledger.js';
import type { Notice } from '../model/notice.js';
import type { CheckpointRepair } from './checkpoint-reading.js';
import { differencesOf } from './notices.js';
import type { OutputState } from './ports/output.js';
import type { RawListing } from './ports/raw.js';

/** A single change can be a person who sets the key by hand. */
const movesThatTell = 2;
/** Writes with an unknown outcome, one for each value. */
const mostUnsure = 8;
const movesCountForMs = 60 * 60 * 1000;
const writersCountForMs = 24 * 60 * 60 * 1000;

export interface Look {
  readonly stored: StoredCheckpoint;
  readonly output: OutputState;
  readonly raw: RawListing;
  /** What the store should hold. */
}

export interface Contention {
  /**
   * Must be called for each look, in order, before the store is corrected. Returns whether another program may have
   * moved the checkpoint since the previous look.
   */
  saw(look: Look): boolean;
  /**
   * The store was corrected after a look that reported a move. Overlapping looks all see one move; only one of them
   * corrects it.
   */
  putRight(repair: CheckpointRepair, wasMoved: boolean): void;
  /** It is not known whether the store took this; if the value turns up later, it is this service's own. */
  unsure(repair: CheckpointRepair): void;
  notices(): Notice[];
}

export function createContention(
  settings: WriterSettings,
  now: () => number = () => performance.now(),
): Contention {
  let last: (Pick<Look, 'output' | 'raw'> & { readonly text: string | null }) | null = null;
  let moves: readonly number[] = [];
  let perhapsWritten: readonly (string | null)[] = [];
  let otherWriter: { readonly seenAtMs: number; readonly message: string } | null = null;

  const sawStored = ({ stored, output, raw }: Look): boolean => {
    if (stored.status !== 'value' && stored.status !== 'absent') return false;
    const text = stored.status === 'value' ? stored.text : null;
    const isAsItWas = last?.output === output && last.raw === raw;
    // A key that is gone was cleared; one that holds another value was written.
    const wasMoved =
      last !== null &&
      isAsItWas &&
      text !== null &&
      text !== last.text &&
      !perhapsWritten.includes(text);
    perhapsWritten = perhapsWritten.filter((each) => each !== text);
    last = { output, raw, text };
    return wasMoved;
  };

  const sawWriter = ({ output: { record } }: Look) => {
    if (last === null || record === null || record === last.output.record) return;
    const differences = differencesOf(record.settings, settings);
    if (differences.length === 0) return;
    const message = `Another service commits to this output with other settings: version ${record.version} (run ${record.runId}, ${record.committedAt}): ${differences.join('; ')}. Stop one of the two.`;
    otherWriter = { seenAtMs: now(), message };
  };

  return {
    saw: (look) => {
      sawWriter(look);
      return sawStored(look);
    },
    putRight: ({ next }, wasMoved) => {
      if (wasMoved) moves = [...moves.slice(1 - movesThatTell), now()];
      if (last !== null) last = { ...last, text: next };
    },
    unsure: ({ next }) => {
      perhapsWritten = [...perhapsWritten.filter((each) => each !== next), next].slice(-mostUnsure);
    },
    notices: () => {
      const notices: Notice[] = [];
      const recent = moves.filter((at) => now() - at < movesCountForMs);
      if (recent.length >= movesThatTell) {
        const message =
          'Another program moves the checkpoint: the store repeatedly held a value that Daymark had not written, while the output did not change. Another service or an old job writes the same key; give each its own DAYMARK_CHECKPOINT_KEY.';
        notices.push({ code: 'checkpoint-contested', message });
      }
      if (otherWriter !== null && now() - otherWriter.seenAtMs < writersCountForMs) {
        notices.push({ code: 'other-settings', message: otherWriter.message });
      }
      return notices;
    },
  };
}
