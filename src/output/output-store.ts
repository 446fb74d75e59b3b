/**
 * The output and its ledger behind one interface: look, commit, read.
 *
 * A look costs a stat and a readdir while neither the file nor the head commit changed since the last
 * full verification. `docs/PROTOCOL.md` describes the steps and why they are in this order.
 */
import type { Day, DayLayout } from '../core/day.js';
import type {
  CommitResult,
  OutputChange,
  OutputFile,
  OutputRow,
  OutputState,
  OutputStore,
} from '../core/ports.js';
import { ProblemError } from '../core/problems.js';
import { createSerial } from '../core/serial.js';
import { type Committer, createCommitter } from './commit.js';
import { type Disk, nodeDisk, sameIdentity } from './disk.js';
import { encodeDay } from './encode.js';
import { createLedger } from './ledger.js';
import { type LocatedState, locate } from './locate.js';
import { checkPlace, makeFolders } from './place.js';
import { openOutput, readDay } from './read-output.js';
import { UnreadableOutput } from './read-rows.js';
import { recover } from './recover.js';
import type { StateFolder } from './state-folder.js';
import { createSteadyHead } from './steady-head.js';

export interface OutputStoreOptions {
  readonly folder: StateFolder;
  readonly layout: DayLayout;
  /** Replaced by tests that record, count or fail operations. */
  readonly disk?: Disk;
  /** For tests: how long the ledger's folder must have been at rest before its times are trusted. */
  readonly restMs?: number;
}

type Committed = Extract<CommitResult, { kind: 'committed' }>;

/** Other writers can move the head while it is read; after so many looks in a row something is wrong. */
const maxLooks = 10;

export function createOutputStore(options: OutputStoreOptions): OutputStore {
  const { folder, layout, disk = nodeDisk } = options;
  const ledger = createLedger(disk, folder, layout);
  // A look in the middle of a publication would take it for a crash and finish it: harmless, but loud.
  const exclusively = createSerial();
  let known: LocatedState | null = null;

  const steady = createSteadyHead({ disk, folder, restMs: options.restMs });
  const headVersion = () => steady.listed(async () => (await ledger.versions()).at(-1) ?? 0);

  const unchangedSince = async (state: LocatedState) => {
    if (steady.holds(state)) return true;
    const [version, identity] = await Promise.all([headVersion(), disk.identity(folder.output)]);
    return state.version === version && sameIdentity(state.identity, identity);
  };

  /** Null when another writer got in between. */
  const readAnew = async (): Promise<LocatedState | null> => {
    const version = await headVersion();
    const place = { disk, folder, layout, version };
    if (version === 0) return locate({ ...place, record: null, recovered: [] });
    const found = await ledger.read(version);
    switch (found.kind) {
      case 'absent':
        return null;
      case 'record':
        return locate({
          ...place,
          record: found.record,
          recovered: await recover(disk, folder, found.record),
        });
      case 'unreadable': {
        const warning = `commit record ${version} cannot be read, so the output is taken as it is: ${found.reason}`;
        return locate({ ...place, record: null, recovered: [warning] });
      }
      default:
        return found satisfies never;
    }
  };

  const look = async (): Promise<LocatedState> => {
    if (known !== null && (await unchangedSince(known))) {
      // What recovery did is told once.
      if (known.recovered.length > 0) known = { ...known, recovered: [] };
      return known;
    }
    for (let tries = 0; tries < maxLooks; tries += 1) {
      known = await readAnew();
      if (known !== null) return known;
    }
    throw new Error('other writers kept changing the output while it was read');
  };

  /** Committed is committed: before the answer says that it cannot be seen yet, one more look tries. */
  const publishAgain = async (result: Committed): Promise<CommitResult> => {
    try {
      const state = await exclusively(look);
      if (!state.described) return result;
      const warnings = [...result.warnings, `${result.unpublished}`, ...state.recovered];
      return { ...result, warnings, unpublished: null };
    } catch {
      return result;
    }
  };

  const committer: Committer = createCommitter({ disk, folder, layout, ledger, exclusively });

  return {
    open: () => checkPlace(disk, folder),
    look: () => exclusively(() => asProblems(folder, look)),
    encode: encodeDay,
    commit: async (base: OutputState, change: OutputChange, signal): Promise<CommitResult> => {
      await makeFolders(disk, folder);
      const { result, state } = await committer(base as LocatedState, change, signal);
      if (state !== null) known = state;
      const isOpen = result.kind === 'committed' && result.unpublished !== null;
      return isOpen ? publishAgain(result) : result;
    },
    commitOf: (runId) => asProblems(folder, () => ledger.versionOf(runId)),
    rows: (base: OutputState, day: Day): Promise<readonly OutputRow[] | null> =>
      readDay({ disk, folder, layout }, base as LocatedState, day),
    file: (): Promise<OutputFile | null> => asProblems(folder, () => openOutput(folder)),
  };
}

async function asProblems<T>(folder: StateFolder, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof UnreadableOutput) {
      throw new ProblemError('output-unreadable', `${folder.output}: ${error.message}.`);
    }
    const detail = `${folder.output}: ${(error as Error).message}.`;
    throw new ProblemError('output-unavailable', detail, { cause: error });
  }
}
