/**
 * The output and its ledger behind one interface: look, commit, read.
 *
 * A look costs two stats, or a readdir and three, while neither the file nor the head commit changed
 * since the last full verification. `docs/PROTOCOL.md` describes the steps and why they are in this order.
 */

import type {
  CommitResult,
  OutputChange,
  OutputFile,
  OutputState,
  OutputStore,
  Publication,
} from '../core/ports/output.js';
import { createSerial } from '../core/serial.js';
import { type Disk, isSystemError, nodeDisk, sameContent, sameIdentity } from '../disk/disk.js';
import { whyNotWritten } from '../disk/no-room.js';
import { unlessHanging } from '../disk/waits.js';
import type { OutputShape } from '../model/column.js';
import { ProblemError } from '../model/problems.js';
import { type Committer, createCommitter, type Writer } from './commit.js';
import { encodeDay, headerLine } from './encode.js';
import { createLedger, headOf, type Listing, type ReadRecord } from './ledger.js';
import { type LocatedState, locate } from './locate.js';
import { mountedApart } from './mounted-apart.js';
import { takeOverOlderLayout } from './older-layout.js';
import { checkPlace } from './place.js';
import { publicationOf } from './publication.js';
import { openOutput, readRows } from './read-output.js';
import { UnreadableOutput } from './read-rows.js';
import { recover } from './recover.js';
import { createSpool, defaultSpoolBytes, removeSpools } from './spool.js';
import type { StateFolder } from './state-folder.js';
import { createSteadyList } from './steady-list.js';
import { UnfitPlace } from './unfit-place.js';

export interface OutputStoreOptions {
  readonly folder: StateFolder;
  readonly shape: OutputShape;
  /** Under which names commits are recorded; by default those of the service without a file of datasets. */
  readonly writer?: Writer;
  /** Replaced by tests that record, count or fail operations. */
  readonly disk?: Disk;
  /** How many bytes of a run's days wait for the commit in memory; the others do on disk. */
  readonly spoolBytes?: number;
  /** For tests: how long the ledger's folder must have been at rest before its times are trusted. */
  readonly restMs?: number;
}

type Committed = Extract<CommitResult, { kind: 'committed' }>;

/** Other writers can move the head while it is read; after so many looks in a row something is wrong. */
const maxLooks = 10;

export function createOutputStore(options: OutputStoreOptions): OutputStore {
  const { folder, shape, disk = nodeDisk, writer = { dataset: 'orders', settings: {} } } = options;
  const ledger = createLedger(disk, folder, shape, writer.dataset);
  let publication: Publication = 'exchange';
  /** Tests, and the commands that only look, do not open the place. */
  let isTried = true;
  const place = { disk, folder, ledger, publication: () => publication };
  // A look in the middle of a publication would take it for a crash and finish it: harmless, but loud.
  const exclusively = createSerial();
  let known: LocatedState | null = null;
  /** Warnings that hold for every commit: the first one tells them. */
  const told = new Set<string>();
  const untold: string[] = [];

  const records = createSteadyList({
    disk,
    path: folder.commits,
    list: ledger.list,
    restMs: options.restMs,
  });

  const unchangedSince = async (state: LocatedState) => {
    const remembered = await records.remembered();
    if (remembered !== null && isHead(state, remembered))
      return sameIdentity(state.identity, await disk.identity(folder.output));
    // The record after the list: as long as that is remembered, it need not be looked at again.
    if (!isHead(state, await records.list())) return false;
    const [output, record] = await Promise.all([
      disk.identity(folder.output),
      recordFileOf(state.version),
    ]);
    return sameIdentity(state.identity, output) && sameContent(state.recordFile, record);
  };

  const recordFileOf = async (version: number) =>
    version === 0 ? null : disk.identity(ledger.pathOf(version));

  /** Null when another writer got in between. */
  const readAnew = async (): Promise<LocatedState | null> => {
    const version = headOf(await ledger.list());
    const recordFile = await recordFileOf(version);
    const input = { disk, folder, shape, version, recordFile };
    if (version === 0) {
      const nothing = { head: null, record: null, unreadable: null, recovered: [] };
      return unlessOvertaken(version, locate({ ...input, ...nothing }));
    }
    const found = await ledger.read(version);
    // If others committed meanwhile, what was read, or found missing, may have been pruned, or be the record
    // of a writer that slept and is about to take it away: no head, and nothing to publish.
    if (found.kind === 'absent' || headOf(await ledger.list()) !== version) return null;
    if (!sameContent(recordFile, await recordFileOf(version))) return null;
    const { head, record, unreadable } = readingOf(version, found);
    const recovered = head === null ? [] : await recover(place, head);
    return unlessOvertaken(version, locate({ ...input, head, record, unreadable, recovered }));
  };

  /** Null where the head is another one by now: then the file that was read may be of that one, in other columns. */
  const unlessOvertaken = async (version: number, locating: Promise<LocatedState | null>) => {
    const isOvertaken = async () => headOf(await ledger.list()) !== version;
    try {
      const state = await locating;
      return state?.described || !(await isOvertaken()) ? state : null;
    } catch (error) {
      if (await isOvertaken()) return null;
      throw error;
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

  /** Null, or why nothing can be written for now. Throws UnfitPlace. */
  const tryPlace = async () => {
    const why = await checkPlace(disk, folder, shape, async () => {
      publication = await publicationOf(disk, folder);
    });
    isTried = why === null;
    return why;
  };

  /** Before the commit point: behind it a version that cannot take the output's place holds up every look. */
  const insistOnPlace = async () => {
    const why = isTried ? null : await tryPlace();
    const unfit = why === null ? await mountedApart(folder) : `${why}.`;
    if (unfit !== null) throw new ProblemError('output-unavailable', unfit);
  };

  const committer: Committer = createCommitter({
    place,
    shape,
    writer,
    ledger,
    // What is known is known before a look gets its turn, which would read the whole output else.
    exclusively: (action) =>
      exclusively(async () => {
        const committed = await action();
        known = committed.state ?? known;
        return committed;
      }),
    tell: (warning) => {
      if (!told.has(warning)) untold.push(warning);
      told.add(warning);
    },
  });

  const places = () => [folder.outputFolder];
  const hangs = (why: string) => new ProblemError('output-unavailable', `${folder.output}: ${why}`);

  return {
    open: async () => {
      const why = await tryPlace();
      await removeSpools(disk, folder);
      const done = await takeOverOlderLayout({ disk, folder, shape, dataset: writer.dataset });
      return why === null ? done : [...done, `${why}; until then no run can commit`];
    },
    publication: place.publication,
    look: () => unlessHanging(places, () => exclusively(() => asProblems(folder, look)), hangs),
    encode: (day, rows, found = shape) => encodeDay(found, day, rows),
    header: headerLine,
    spool: () => createSpool(disk, folder, options.spoolBytes ?? defaultSpoolBytes),
    commit: async (base: OutputState, change: OutputChange, gate): Promise<CommitResult> => {
      const { result } = await asDiskProblems(folder, async () => {
        await insistOnPlace();
        return committer(base as LocatedState, change, gate);
      });
      if (result.kind !== 'committed') return result;
      const committed = { ...result, warnings: [...result.warnings, ...untold.splice(0)] };
      return committed.unpublished === null ? committed : publishAgain(committed);
    },
    commitOf: (runId) => asProblems(folder, () => ledger.versionOf(runId)),
    rows: (base: OutputState, query, take): Promise<boolean> =>
      asProblems(folder, () => readRows({ disk, folder }, base as LocatedState, query, take)),
    file: (): Promise<OutputFile | null> => asProblems(folder, () => openOutput(folder)),
  };
}

function isHead({ version, record }: LocatedState, listing: Listing): boolean {
  const snapshot = record?.snapshot ?? null;
  // Deleted by hand, it takes with it what the head builds on; a new process would see that, too.
  const isWhole = snapshot === null || listing.versions.includes(snapshot.version);
  return version === headOf(listing) && isWhole;
}

/** What a head record says, as far as it could be read. */
function readingOf(version: number, found: Exclude<ReadRecord, { kind: 'absent' }>) {
  if (found.kind === 'record')
    return { head: found.record, record: found.record, unreadable: null };
  const unreadable = `commit record ${version} cannot be read: ${found.reason}`;
  return { head: found.header, record: null, unreadable };
}

/** A commit also ends by a cancel, and by what is no fault of the disk: those stay what they are. */
async function asDiskProblems<T>(folder: StateFolder, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof UnfitPlace) throw new ProblemError('output-unavailable', error.message);
    if (!isSystemError(error)) throw error;
    const why = await whyNotWritten(folder.outputFolder, error);
    const detail = `${folder.output}: ${why === null ? '' : `${why}. `}${error.message}.`;
    throw new ProblemError('output-unavailable', detail, { cause: error });
  }
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
