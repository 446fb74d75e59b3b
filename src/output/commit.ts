/**
 * The commit protocol, steps 3 to 5: stage the whole new output, claim the next version with one link(2),
 * publish by exchange. No lock files: of all writers exactly one creates the record, as in Delta Lake's log.
 *
 *   stage ──▶ claim ──▶ look once ──▶ publish ──▶ prune
 *               │           │
 *            conflict    revived: remove the record, conflict
 *
 * Before the claim a failure leaves nothing behind. After it the commit stands, whatever fails: recovery
 * (here, or in any other process) finishes the publication.
 */
import { join } from 'node:path';
import type { CommitGate } from '../core/commit-gate.js';
import { OutcomeUnknown } from '../core/failures.js';
import type { CommitResult, OutputChange } from '../core/ports/output.js';
import { isRecorded } from '../core/recorded.js';
import { type FileIdentity, sameIdentity, unlessAbsent } from '../disk/disk.js';
import { holdsRowsOf, type OutputShape } from '../model/column.js';
import type { WriterSettings } from '../model/ledger.js';
import type { CommitRecord } from './commit-record.js';
import { contentsByLedger, type DaySource, noContents } from './contents.js';
import { snapshotFor } from './differential.js';
import { baseOf, markOf } from './displaced.js';
import { headerLine } from './encode.js';
import { type Claim, headOf, insist, type Ledger, type Listing } from './ledger.js';
import { type LocatedState, ledgerOf, locate, stateOf } from './locate.js';
import { type NextIndex, nextIndex } from './next-index.js';
import { type PublishPlace, publish } from './publish.js';
import { stage } from './stage.js';
import { stagedName } from './state-folder.js';

export interface Committed {
  readonly result: CommitResult;
  /** The state after it, where it is known without looking again. */
  readonly state: LocatedState | null;
}

export type Committer = (
  base: LocatedState,
  change: OutputChange,
  gate: CommitGate,
) => Promise<Committed>;

/** Whose commits these are, as their records say. */
export interface Writer {
  readonly dataset: string;
  readonly settings: WriterSettings;
}

export interface CommitterOptions {
  readonly place: PublishPlace;
  readonly shape: OutputShape;
  readonly writer: Writer;
  readonly ledger: Ledger;
  readonly exclusively: (action: () => Promise<Committed>) => Promise<Committed>;
  /** Warnings about how the new version was made. */
  readonly tell: (warning: string) => void;
}

export function createCommitter(options: CommitterOptions): Committer {
  const { place, shape, writer, ledger, exclusively, tell } = options;
  const { disk, folder } = place;

  return async (base, change, gate) => {
    const stamp = { version: base.version + 1, committedAt: new Date().toISOString() };
    const { contents, ledger: days } = base;
    const next = nextShape(shape, base, change);
    const index = nextIndex({
      shape: next,
      found: base.shape,
      contents,
      ledger: days,
      change,
      stamp,
    });
    const isSame = index.unchanged && !index.bytesChange && holdsRowsOf(next, base.shape);
    if (isSame && isRecorded(base, writer.settings))
      return { result: { kind: 'unchanged' }, state: null };

    const { dataset, settings } = writer;
    const names = { dataset, settings, output: folder.outputName, layout: shape.dayKind };
    const record = recordOf(base, change, index, { ...stamp, ...names, shape: next });
    if (!index.bytesChange) return exclusively(() => claimAndPublish(base, record, gate));
    const staged = await stageNext(base, record, index, gate.signal);
    if (staged === null) return conflict('the output was changed before it was copied');
    const file = markOf(staged);
    return exclusively(() => claimIfUnchanged(base, { ...record, file }, gate));
  };

  /** Null when the output is no longer the one that `base` describes. */
  async function stageNext(
    base: LocatedState,
    record: CommitRecord,
    index: NextIndex,
    signal: AbortSignal,
  ): Promise<FileIdentity | null> {
    const file = await unlessAbsent(() => disk.open(folder.output), null);
    try {
      const before = file === null ? null : await file.identity();
      if (!sameIdentity(before, base.identity)) return null;
      return await stage(disk, folder, {
        name: stagedName(record),
        sources: [headerSource(base, headerLine(record.shape)), ...index.sources],
        base: file === null || before === null ? null : { file, sizeBytes: before.sizeBytes },
        signal,
        tell,
      });
    } finally {
      await file?.close();
    }
  }

  /** Taken over with the days behind it where the file begins with it as it is. */
  function headerSource({ contents, shape: found }: LocatedState, header: Buffer): DaySource {
    const isThere = contents.canonical && headerLine(found).equals(header);
    if (isThere) return { kind: 'range', offset: 0, length: header.length };
    return { kind: 'bytes', bytes: header };
  }

  /**
   * The last look before the commit point. Also a change that left size and mtime as they were moved the
   * ctime; so does a late step of another publisher, and then looking again costs nothing but time.
   */
  async function claimIfUnchanged(
    base: LocatedState,
    record: CommitRecord,
    gate: CommitGate,
  ): Promise<Committed> {
    let isUnchanged = false;
    try {
      isUnchanged = sameIdentity(await disk.identity(folder.output), base.identity);
    } finally {
      if (!isUnchanged) await removeStaged(record);
    }
    if (isUnchanged) return claimAndPublish(base, record, gate);
    return conflict('the output was changed while it was copied');
  }

  async function claimAndPublish(
    base: LocatedState,
    record: CommitRecord,
    gate: CommitGate,
  ): Promise<Committed> {
    let claim: Claim;
    try {
      claim = await ledger.append(record, gate.pass);
      if (!claim.won) {
        await removeStaged(record);
        return conflict(`another writer committed version ${record.version}`);
      }
    } catch (error) {
      // If the record is there after all, its staged file is what recovery publishes.
      if (!(error instanceof OutcomeUnknown)) await removeStaged(record);
      throw error;
    }
    const { result, state } = await afterCommitPoint(base, record);
    return { result, state: state && { ...state, recordFile: claim.file } };
  }

  async function afterCommitPoint(base: LocatedState, record: CommitRecord): Promise<Committed> {
    const warnings: string[] = [];
    await warnOnFailure(warnings, 'the commit may not survive a power cut', () =>
      disk.syncFolder(folder.commits),
    );
    const listing = await insist(record.version, () => listUnlessRevived(record));
    if (listing === null) {
      // While it may still be there, it is not certain that nothing was committed.
      await insist(record.version, () => ledger.remove(record.version));
      await removeStaged(record);
      return conflict('other writers committed many versions meanwhile');
    }
    const { version } = record;
    const committed = (unpublished: string | null, state: LocatedState | null): Committed => ({
      result: { kind: 'committed', version, warnings, unpublished },
      state,
    });
    try {
      const state = record.staged
        ? await publishNow(base, record, warnings)
        : sameFile(base, record);
      if (state === 'gone') return conflict('the staged file was removed before it was published');
      await warnOnFailure(warnings, 'old commit records were not removed', () =>
        ledger.prune(listing),
      );
      return committed(null, state);
    } catch (error) {
      const reason = (error as Error).message;
      return committed(`version ${version} is committed, but not yet published: ${reason}`, null);
    }
  }

  /**
   * A writer that slept while fifty others committed can find its slot pruned and free again. Its record
   * is then below the head, and the head does not descend from it. If that is not certain, the answer is null:
   * starting over replaces days and never adds to them. A revived record was never the head, so nobody has built on
   * the record that is then removed.
   */
  async function listUnlessRevived(record: CommitRecord): Promise<Listing | null> {
    const listing = await ledger.list();
    if (headOf(listing) <= record.version) return listing;
    const next = await ledger.readHeader(record.version + 1);
    const isOurs = next.kind === 'record' && next.header.parent?.runId === record.runId;
    return isOurs ? listing : null;
  }

  async function publishNow(
    base: LocatedState,
    record: CommitRecord,
    warnings: string[],
  ): Promise<LocatedState | null | 'gone'> {
    const { placed, identity, kept, warnings: found } = await publish(place, record);
    warnings.push(...found);
    for (const path of kept) {
      warnings.push(`the previous output was not ours; it is kept as ${path}`);
    }
    if (identity !== null) return stateAfter(base, record, identity);
    // Touched at once, or published by another process: the next look reads what lies there now.
    return placed || (await isPublished(record)) ? null : 'gone';
  }

  /** Whether another process put this commit, or a later one, into place. */
  async function isPublished(record: CommitRecord): Promise<boolean> {
    if (headOf(await ledger.list()) > record.version) return true;
    const { version } = record;
    const input = { disk, folder, shape, version, head: record, record, recordFile: null };
    return (await locate({ ...input, unreadable: null, recovered: [] }))?.described ?? true;
  }

  /** No byte changed: the file is the one that was verified, and the record describes it. */
  function sameFile(base: LocatedState, record: CommitRecord): LocatedState | null {
    return base.identity === null ? null : stateAfter(base, record, base.identity);
  }

  /** Without reading it: the file was written from what is known of each day. */
  function stateAfter(
    base: LocatedState,
    record: CommitRecord,
    identity: FileIdentity,
  ): LocatedState {
    const header = headerLine(record.shape);
    const before = headerLine(base.shape).equals(header) ? base.contents : noContents;
    const ledger = ledgerOf(record, base.ledger);
    const contents = contentsByLedger(ledger, header.length, before);
    const head = {
      version: record.version,
      head: record,
      record,
      unreadable: null,
      recordFile: null,
      recovered: [],
    };
    return stateOf(head, identity, { contents, shape: record.shape }, true, ledger);
  }

  async function removeStaged(record: CommitRecord): Promise<void> {
    await disk.remove(join(folder.staged, stagedName(record)));
  }
}

/**
 * The columns after the commit: those of the definition, or where no row is made again those that the file has. Throws
 * where it would be a file of mixed columns, which no plan asks for.
 */
function nextShape(
  ours: OutputShape,
  { shape: found, contents }: LocatedState,
  { replace }: OutputChange,
): OutputShape {
  if (holdsRowsOf(ours, found)) return ours;
  const days = [...contents.days.keys()];
  if (days.every((day) => replace.has(day))) return ours;
  if (replace.size === 0) return found;
  throw new Error('some days would have other columns than the output; nothing was written');
}

function recordOf(
  base: LocatedState,
  change: OutputChange,
  index: NextIndex,
  stamp: Pick<
    CommitRecord,
    'version' | 'committedAt' | 'dataset' | 'output' | 'layout' | 'settings' | 'shape'
  >,
): CommitRecord {
  const { runId, raw, columns } = change;
  return {
    ...stamp,
    runId,
    raw,
    columns,
    parent: base.head === null ? null : { version: base.version, runId: base.head.runId },
    staged: index.bytesChange,
    // Of a staged file, once it is written.
    file: null,
    base: base.identity === null ? null : baseOf(base.identity, isOurs(base)),
    snapshot: snapshotFor(base.record, stamp.version, index.days),
    days: index.days,
  };
}

/**
 * Whether Daymark wrote it. A file of someone else that a commit adopted as it lay there, without changing a
 * byte, is described by a record, and still theirs.
 */
function isOurs({ described, record }: LocatedState): boolean {
  return described && (record?.staged === true || record?.base?.ours === true);
}

function conflict(reason: string): Committed {
  return { result: { kind: 'conflict', reason }, state: null };
}

async function warnOnFailure(
  warnings: string[],
  consequence: string,
  action: () => Promise<void>,
): Promise<void> {
  try {
    await action();
  } catch (error) {
    warnings.push(`${consequence}: ${(error as Error).message}`);
  }
}
