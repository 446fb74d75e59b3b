/** The state of the protocol as a model: the names that there are, and how far each writer has come. */

/** What each process does to put a version in its place, and what may be left out to see that it is needed. */
export interface Model {
  /** The runs of each writer, each one a letter. */
  readonly writers: readonly string[];
  /** How each writer publishes. */
  readonly ways: readonly ('exchange' | 'rename')[];
  readonly crashes: number;
  readonly foreign: number;
  /** Records that are kept. */
  readonly keep: number;
  readonly without?: Omission;
}

export type Omission =
  | 'look after the claim'
  | 'fence of the past'
  | 'private links'
  | 'rename before the look'
  | 'copies of others left alone';

/** Files are named for what is in them: `2b:ab` is version 2 by run b, with the days of a and b. */
export type File = string;

export interface Commit {
  readonly version: number;
  readonly run: string;
  readonly parent: string;
  readonly file: File;
  readonly base: File;
  /** Whether the base was a version of ours. */
  readonly ours: boolean;
  readonly runs: string;
}

export type Names = Readonly<Record<string, File>>;

export type Step =
  | 'idle'
  | 'clear'
  | 'relist'
  | 'remove past'
  | 'take'
  | 'link'
  | 'exchange'
  | 'settle'
  | 'copy'
  | 'rename'
  | 'finish'
  | 'take all'
  | 'look'
  | 'stage'
  | 'claim'
  | 'look once'
  | 'revoke'
  | 'prune';

export interface Writer {
  readonly at: Step;
  /** Still to do, the first one now. */
  readonly runs: string;
  readonly head: Commit | null;
  /** Its own commit, once it is claimed: then that is what it publishes. */
  readonly own: Commit | null;
  readonly seen: File;
  /** Names in `staged/`, as listed. */
  readonly list: readonly string[];
  /** A name that is this writer's own. */
  readonly name: string;
}

export interface State {
  readonly output: File;
  readonly commits: readonly Commit[];
  readonly staged: Names;
  readonly backup: Names;
  readonly writers: readonly Writer[];
  readonly crashes: number;
  readonly foreign: number;
  /** Runs that were answered. */
  readonly answered: string;
  /** The newest version that was the output. */
  readonly published: number;
  /** Foreign files that a writer displaced. */
  readonly displaced: string;
  readonly broken: string | null;
}

export interface Acting {
  readonly model: Model;
  readonly state: State;
  readonly writer: Writer;
  readonly index: number;
}

export function initial({ writers, crashes, foreign }: Model): State {
  const first: Commit = {
    version: 1,
    run: 'i',
    parent: '',
    file: '1i:i',
    base: '',
    ours: false,
    runs: 'i',
  };
  return {
    output: first.file,
    commits: [first],
    staged: {},
    backup: {},
    writers: writers.map((runs) => idle(runs)),
    crashes,
    foreign,
    answered: '',
    published: 1,
    displaced: '',
    broken: null,
  };
}

export function idle(runs: string): Writer {
  return { at: 'idle', runs, head: null, own: null, seen: '', list: [], name: '' };
}

/** The state in which the writer is `changed`, and whatever else the step did. */
export function put(
  { state, writer, index }: Acting,
  changed: Partial<Writer>,
  more: Partial<State> = {},
): State {
  const writers = state.writers.with(index, { ...writer, ...changed });
  return { ...state, ...more, writers };
}

export function headOf({ commits }: State): Commit {
  return commits.at(-1) as Commit;
}

export const masterOf = ({ version, run }: Pick<Commit, 'version' | 'run'>) => `${version}${run}`;

export const versionOf = (name: string) => Number.parseInt(name, 10);

export const isLink = (name: string) => name.includes('.');

/** What it publishes: its own commit, or as a recovery the head that it found. */
export const targetOf = ({ own, head }: Writer) => (own ?? head) as Commit;

export function namesOf(names: Names): string[] {
  return Object.keys(names);
}

export function added(names: Names, name: string, file: File): Names {
  const entries = Object.entries({ ...names, [name]: file });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function dropped(names: Names, name: string): Names {
  const { [name]: _, ...rest } = names;
  return rest;
}
