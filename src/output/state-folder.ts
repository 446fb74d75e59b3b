/**
 * Where files are: the output and, next to it, its own folder in `_daymark/` with everything that Daymark keeps for
 * it. Two outputs in one folder never see each other's state.
 */
import { randomUUID } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import type { CommitId } from './commit-record.js';

export interface StateFolder {
  readonly output: string;
  /** The output's file name: records name it, and so does its state folder. */
  readonly outputName: string;
  readonly outputFolder: string;
  /** `_daymark/`, which the outputs of a folder share, and which older versions kept their one state in. */
  readonly shared: string;
  readonly root: string;
  readonly commits: string;
  readonly staged: string;
  readonly runs: string;
  /** The claims of idempotency keys: a folder for each key. */
  readonly keys: string;
  readonly backup: string;
  readonly checkpoint: string;
  /** Where Spark finds its plans and leaves its results, for as long as a run takes. */
  readonly spark: string;
  /** Where rows lie that DuckDB cannot read from the raw files themselves, for as long as it reads them. */
  readonly rows: string;
}

export function stateFolderOf(outputFile: string): StateFolder {
  const output = resolve(outputFile);
  const outputFolder = dirname(output);
  const outputName = basename(output);
  // Names with `_` are skipped by the engines that read the folder.
  const shared = join(outputFolder, '_daymark');
  return { output, outputName, outputFolder, shared, ...partsIn(join(shared, outputName)) };
}

/** The state in `_daymark/` itself, where older versions kept it. */
export function olderStateFolder(folder: StateFolder): StateFolder {
  return { ...folder, ...partsIn(folder.shared) };
}

function partsIn(root: string) {
  const within = (name: string) => join(root, name);
  return {
    root,
    commits: within('commits'),
    staged: within('staged'),
    runs: within('runs'),
    keys: within('runs/keys'),
    backup: within('backup'),
    checkpoint: within('checkpoint'),
    spark: within('spark'),
    rows: within('rows'),
  };
}

export function stagedName({ version, runId }: CommitId): string {
  return `${version}-${runId}.csv`;
}

/** Another name for it that no one else uses, or for what it displaced. */
export function linkName({ version, runId }: CommitId): string {
  return `${version}-${runId}.${randomUUID()}.csv`;
}

/** In `staged/`, for the moment in which a spool has a name. */
export function spoolName(): string {
  return `${randomUUID()}.spool`;
}

export function isSpoolName(name: string): boolean {
  return /^[0-9a-f-]{36}\.spool$/.test(name);
}

export interface StagedFile extends CommitId {
  readonly name: string;
  /** Whether it is a publisher's own name for the staged file, or for what that displaced. */
  readonly isLink: boolean;
}

/** Null for a name that is not a staged file's. */
export function parseStagedName(name: string): StagedFile | null {
  const match = /^([1-9][0-9]{0,15})-([0-9a-f-]{36})(\.[0-9a-f-]{36})?\.csv$/.exec(basename(name));
  if (match === null) return null;
  const [, version, runId, link] = match;
  return { name, version: Number(version), runId: String(runId), isLink: link !== undefined };
}
