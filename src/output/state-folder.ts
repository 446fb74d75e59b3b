/** Where things lie: the output and, beside it, `_daymark/` with all that Daymark keeps. */
import { basename, dirname, join, resolve } from 'node:path';

export interface StateFolder {
  readonly output: string;
  readonly outputFolder: string;
  readonly root: string;
  readonly commits: string;
  readonly staged: string;
  readonly runs: string;
  readonly backup: string;
  readonly checkpoint: string;
  /** Where Spark finds its plans and leaves its results, for as long as a run takes. */
  readonly spark: string;
}

export function stateFolderOf(outputFile: string): StateFolder {
  const output = resolve(outputFile);
  const outputFolder = dirname(output);
  // Names with `_` are skipped by the engines that read the folder.
  const root = join(outputFolder, '_daymark');
  const within = (name: string) => join(root, name);
  return {
    output,
    outputFolder,
    root,
    commits: within('commits'),
    staged: within('staged'),
    runs: within('runs'),
    backup: within('backup'),
    checkpoint: within('checkpoint'),
    spark: within('spark'),
  };
}

export function stagedName(version: number, runId: string): string {
  return `${version}-${runId}.csv`;
}

export interface StagedFile {
  readonly name: string;
  readonly version: number;
  readonly runId: string;
}

/** Null for a name that is not a staged file's. */
export function parseStagedName(name: string): StagedFile | null {
  const match = /^([1-9][0-9]{0,15})-([0-9a-f-]{36})\.csv$/.exec(basename(name));
  if (match === null) return null;
  return { name, version: Number(match[1]), runId: String(match[2]) };
}
