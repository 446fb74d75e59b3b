/**
 * The publication protocol as a model: every interleaving of some writers, each of which may die or sleep
 * at any step, and of another program that renames its own versions onto the output. A step is what the
 * kernel does as one; what a process does with names that no one else uses is joined to the step before.
 *
 * Breadth first, so that a violation comes with the shortest way to it.
 */
import { createHash } from 'node:crypto';

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

export interface Found {
  readonly states: number;
  /** Null where every state keeps every promise. */
  readonly violation: { readonly what: string; readonly steps: readonly string[] } | null;
}

/** Files are named for what is in them: `2b:ab` is version 2 by run b, with the days of a and b. */
type File = string;

interface Commit {
  readonly version: number;
  readonly run: string;
  readonly parent: string;
  readonly file: File;
  readonly base: File;
  /** Whether the base was a version of ours. */
  readonly ours: boolean;
  readonly runs: string;
}

type Names = Readonly<Record<string, File>>;

type Step =
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

interface Writer {
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

interface State {
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

export function search(model: Model): Found {
  const start = initial(model);
  const came = new Map<string, { readonly from: string; readonly step: string } | null>();
  // There are millions of them: a digest takes less room.
  const keyOf = (state: State) => createHash('sha1').update(JSON.stringify(state)).digest('base64');
  const queue: { readonly key: string; readonly state: State }[] = [];
  const visit = (state: State, from: string | null, step: string) => {
    const key = keyOf(state);
    if (came.has(key)) return;
    came.set(key, from === null ? null : { from, step });
    queue.push({ key, state });
  };
  visit(start, null, '');
  for (let next = 0; next < queue.length; next += 1) {
    const { key, state } = queue[next] as { key: string; state: State };
    const what = violationOf(state);
    if (what !== null) return { states: next + 1, violation: { what, steps: wayTo(came, key) } };
    for (const [step, after] of successors(model, state)) visit(after, key, step);
    // What was expanded is not needed any more.
    (queue as unknown[])[next] = undefined;
  }
  return { states: queue.length, violation: null };
}

function wayTo(
  came: ReadonlyMap<string, { readonly from: string; readonly step: string } | null>,
  end: string,
): string[] {
  const steps: string[] = [];
  for (let at = came.get(end); at; at = came.get(at.from)) steps.unshift(at.step);
  return steps;
}

function initial({ writers, crashes, foreign }: Model): State {
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

function idle(runs: string): Writer {
  return { at: 'idle', runs, head: null, own: null, seen: '', list: [], name: '' };
}

function violationOf(state: State): string | null {
  if (state.broken !== null) return state.broken;
  const head = headOf(state);
  for (const run of state.answered) {
    if (!head.runs.includes(run)) return `run ${run} was answered, and is not in the head`;
  }
  const isPending = state.staged[masterOf(head)] !== undefined;
  if (state.published < head.version && !isPending) return 'the head can never be published';
  const named = [state.output, ...Object.values(state.staged), ...Object.values(state.backup)];
  for (const file of state.displaced) {
    if (!named.includes(`f${file}`)) return `foreign version f${file} is lost`;
  }
  return null;
}

function headOf({ commits }: State): Commit {
  return commits.at(-1) as Commit;
}

const masterOf = ({ version, run }: Pick<Commit, 'version' | 'run'>) => `${version}${run}`;
const versionOf = (name: string) => Number.parseInt(name, 10);
const isLink = (name: string) => name.includes('.');

function* successors(model: Model, state: State): Generator<[string, State]> {
  if (state.foreign > 0) {
    const output = `f${state.foreign}`;
    yield ['foreign', { ...state, foreign: state.foreign - 1, output }];
  }
  for (const [index, writer] of state.writers.entries()) {
    if (writer.at === 'idle' && writer.runs === '') continue;
    const acting = { model, state, writer, index };
    yield [`${index} ${writer.at}`, act(acting)];
    if (state.crashes > 0 && writer.at !== 'idle') {
      yield [
        `${index} dies`,
        put({ ...acting, state: { ...state, crashes: state.crashes - 1 } }, idle(writer.runs)),
      ];
    }
  }
}

interface Acting {
  readonly model: Model;
  readonly state: State;
  readonly writer: Writer;
  readonly index: number;
}

/** The state in which the writer is `changed`, and whatever else the step did. */
function put(
  { state, writer, index }: Acting,
  changed: Partial<Writer>,
  more: Partial<State> = {},
): State {
  const writers = state.writers.with(index, { ...writer, ...changed });
  return { ...state, ...more, writers };
}

const actions: Readonly<Record<Step, (acting: Acting) => State>> = {
  // A look: the head, its recovery, then the output; nothing where all is as after its own commit.
  idle: (acting) => {
    const { state, writer } = acting;
    const isKnown = writer.head?.run === headOf(state).run && writer.seen === state.output;
    return put(acting, isKnown ? { at: 'stage' } : { at: 'clear', head: headOf(state), seen: '' });
  },
  clear: (acting) => afterList(acting, 'remove past'),
  'remove past': removePast,
  relist: (acting) => put(acting, { at: 'take', list: namesOf(acting.state.staged) }),
  take,
  link,
  exchange,
  settle,
  copy,
  rename,
  finish,
  'take all': takeAll,
  look: (acting) => {
    const { state, writer } = acting;
    if (wanted(writer) !== null) return put(acting, { at: 'stage', seen: state.output });
    return answer(acting, writer.head as Commit);
  },
  stage,
  claim,
  'look once': lookOnce,
  revoke: (acting) => {
    const own = acting.writer.own as Commit;
    const commits = acting.state.commits.filter(
      ({ version, run }) => version !== own.version || run !== own.run,
    );
    return put(acting, idle(acting.writer.runs), {
      commits,
      staged: dropped(acting.state.staged, masterOf(own)),
    });
  },
  prune: (acting) => {
    const { model, state, writer } = acting;
    const commits = state.commits.slice(-model.keep);
    const after = answer({ ...acting, state: { ...state, commits } }, writer.own as Commit);
    // What it published itself it knows, and need not look at again.
    const { own, seen } = writer;
    if (seen === '') return after;
    const known = { ...(after.writers[acting.index] as Writer), head: own, seen };
    return { ...after, writers: after.writers.with(acting.index, known) };
  },
};

function act(acting: Acting): State {
  return actions[acting.writer.at](acting);
}

/** The run to commit; null where a commit that was not answered has done it. */
function wanted({ head, runs }: Writer): string | null {
  const run = runs[0] as string;
  return head?.runs.includes(run) ? null : run;
}

function answer(acting: Acting, commit: Commit): State {
  const run = acting.writer.runs[0] as string;
  const answered = [...acting.state.answered, run].sort().join('');
  const broken =
    acting.state.published < commit.version
      ? `run ${run} was answered before it was published`
      : null;
  return put(acting, idle(acting.writer.runs.slice(1)), { answered, broken });
}

/** What it publishes: its own commit, or as a recovery the head that it found. */
const targetOf = ({ own, head }: Writer) => (own ?? head) as Commit;

function namesOf(names: Names): string[] {
  return Object.keys(names);
}

function added(names: Names, name: string, file: File): Names {
  const entries = Object.entries({ ...names, [name]: file });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function dropped(names: Names, name: string): Names {
  const { [name]: _, ...rest } = names;
  return rest;
}

function isPast(name: string, target: Commit): boolean {
  return !isLink(name) && name !== masterOf(target) && versionOf(name) <= target.version;
}

function afterList(acting: Acting, remove: Step): State {
  const { state, writer } = acting;
  const list = namesOf(state.staged);
  const target = targetOf(writer);
  return put(acting, { at: list.some((name) => isPast(name, target)) ? remove : 'take', list });
}

function removePast(acting: Acting): State {
  const { state, writer } = acting;
  const target = targetOf(writer);
  const [name, ...more] = writer.list.filter((each) => isPast(each, target));
  const staged = dropped(state.staged, name as string);
  if (more.length > 0) return put(acting, { list: more }, { staged });
  return put(acting, { at: 'relist', list: [] }, { staged });
}

/** Takes one link of the past away, or goes on where there is none. */
function take(acting: Acting): State {
  const { model, state, writer } = acting;
  const target = targetOf(writer);
  const last = target.version - 1;
  const next = writer.list.find((name) => isLink(name) && versionOf(name) <= last);
  if (next !== undefined && model.without !== 'fence of the past') return takeLink(acting, next);
  const isStaged = writer.list.includes(masterOf(target));
  if (!isStaged) return notThere(acting);
  const way = model.ways[acting.index] === 'rename' ? 'copy' : 'link';
  return put({ ...acting, state }, { at: way, list: [] });
}

function takeLink(acting: Acting, name: string): State {
  const { model, state, writer } = acting;
  if (model.without === 'rename before the look' && writer.name !== name) {
    // Looks, and decides by that in the next step.
    const isDropped =
      state.staged[name] === undefined || isOurs(acting, state.staged[name] as File);
    const rest = writer.list.filter((each) => each !== name);
    return put(acting, isDropped ? { name } : { list: rest }, isDropped ? {} : moved(state, name));
  }
  const list = writer.list.filter((each) => each !== name);
  if (model.without === 'rename before the look') {
    return put(acting, { list, name: '' }, { staged: dropped(state.staged, name) });
  }
  const file = state.staged[name];
  if (file === undefined) return put(acting, { list });
  if (isOurs(acting, file)) return put(acting, { list }, { staged: dropped(state.staged, name) });
  return put(acting, { list }, moved(state, name));
}

function moved(state: State, name: string): Partial<State> {
  const file = state.staged[name] as File;
  return { staged: dropped(state.staged, name), backup: added(state.backup, file, file) };
}

/** As the records tell that it can read: its own, the head's, and those that are kept. */
function isOurs({ state, writer }: Acting, file: File): boolean {
  return [targetOf(writer), ...state.commits].some(
    (commit) => commit.file === file || (commit.ours && commit.base === file),
  );
}

function link(acting: Acting): State {
  const { model, state, writer, index } = acting;
  const master = masterOf(targetOf(writer));
  const file = state.staged[master];
  if (file === undefined) return notThere(acting);
  if (model.without === 'private links') return put(acting, { at: 'exchange', name: master });
  let count = 0;
  while (state.staged[`${master}.${index}${count}`] !== undefined) count += 1;
  const name = `${master}.${index}${count}`;
  return put(acting, { at: 'exchange', name }, { staged: added(state.staged, name, file) });
}

function exchange(acting: Acting): State {
  const { state, writer } = acting;
  const file = state.staged[writer.name];
  if (file === undefined) return notThere(acting);
  const staged = added(state.staged, writer.name, state.output);
  return put(acting, { at: 'settle' }, { staged, ...placed(state, file) });
}

/** The output is `file` from now on, by a step of ours. */
function placed(state: State, file: File): Partial<State> {
  if (file === state.output) return {};
  const version = file.startsWith('f') ? 0 : versionOf(file);
  const isBack = version < state.published;
  const isForeign = state.output.startsWith('f');
  return {
    output: file,
    published: Math.max(state.published, version),
    displaced: isForeign ? `${state.displaced}${state.output.slice(1)}` : state.displaced,
    broken: isBack ? `the output went back to ${file}` : state.broken,
  };
}

function settle(acting: Acting): State {
  const { state, writer } = acting;
  const file = state.staged[writer.name];
  const at = 'finish';
  if (file === undefined) return put(acting, { at, name: '' });
  if (!isTargets(acting, file)) return put(acting, { at, name: '' }, moved(state, writer.name));
  return put(acting, { at, name: '' }, { staged: dropped(state.staged, writer.name) });
}

function isTargets({ writer }: Acting, file: File): boolean {
  const { file: own, base, ours } = targetOf(writer);
  return file === own || (ours && file === base);
}

function copy(acting: Acting): State {
  const { state, writer, index } = acting;
  let count = 0;
  const nameOf = () => `${masterOf(targetOf(writer))}.${index}${count}`;
  while (state.backup[nameOf()] !== undefined) count += 1;
  return put(
    acting,
    { at: 'rename', name: nameOf(), seen: state.output },
    { backup: added(state.backup, nameOf(), state.output) },
  );
}

/** The last look and the rename, as if they were one: what comes between them is the known gap of this way. */
function rename(acting: Acting): State {
  const { state, writer } = acting;
  const master = masterOf(targetOf(writer));
  const backup = dropped(state.backup, writer.name);
  if (state.output !== writer.seen) return put(acting, { at: 'copy', name: '' }, { backup });
  const file = state.staged[master];
  const kept = isTargets(acting, writer.seen) ? backup : state.backup;
  if (file === undefined) return notThere({ ...acting, state: { ...state, backup: kept } });
  const staged = dropped(state.staged, master);
  return put(acting, { at: 'finish', name: '' }, { staged, backup: kept, ...placed(state, file) });
}

function finish(acting: Acting): State {
  const { state, writer } = acting;
  const staged = dropped(state.staged, masterOf(targetOf(writer)));
  if (writer.own === null) return put(acting, { at: 'take all' }, { staged });
  const seen = state.output === writer.own.file ? state.output : '';
  return put(acting, { at: 'prune', seen }, { staged });
}

/** Another process has published it, or it cannot be told who has: then it starts over. */
function notThere(acting: Acting): State {
  const { state, writer } = acting;
  if (writer.own === null) return put(acting, { at: 'take all', list: [], name: '' });
  const isPublished =
    headOf(state).version > writer.own.version || state.output === writer.own.file;
  if (isPublished) return put(acting, { at: 'prune', seen: '', list: [], name: '' });
  return put(acting, idle(writer.runs));
}

/** Links of the head as well, now that it is published; one at a time, then the look at the output. */
function takeAll(acting: Acting): State {
  const { model, writer } = acting;
  const state =
    model.without === 'copies of others left alone' ? withoutSpares(acting.state) : acting.state;
  const { version } = writer.head as Commit;
  const next = namesOf(state.staged).find((name) => isLink(name) && versionOf(name) <= version);
  if (next === undefined) return put({ ...acting, state }, { at: 'look', name: '' });
  return takeLink({ ...acting, state }, next);
}

/** The rule that was wrong: a copy of what still is the output is not needed. */
function withoutSpares(state: State): State {
  const kept = Object.entries(state.backup).filter(
    ([name, file]) => !isLink(name) || file !== state.output,
  );
  return { ...state, backup: Object.fromEntries(kept) };
}

function stage(acting: Acting): State {
  const { state, writer } = acting;
  if (state.output !== writer.seen) return put(acting, idle(writer.runs));
  const commit = commitOf(writer);
  const staged = added(state.staged, masterOf(commit), commit.file);
  return put(acting, { at: 'claim' }, { staged });
}

function commitOf({ head, runs: queue, seen }: Writer): Commit {
  const before = head as Commit;
  const run = queue[0] as string;
  const version = before.version + 1;
  const runs = [...before.runs, run].sort().join('');
  const ours = seen === before.file;
  return {
    version,
    run,
    parent: before.run,
    file: `${version}${run}:${runs}`,
    base: seen,
    ours,
    runs,
  };
}

function claim(acting: Acting): State {
  const { model, state, writer } = acting;
  const own = commitOf(writer);
  if (state.commits.some(({ version }) => version === own.version)) {
    return put(acting, idle(writer.runs), { staged: dropped(state.staged, masterOf(own)) });
  }
  const commits = [...state.commits, own].sort((a, b) => a.version - b.version);
  const at = model.without === 'look after the claim' ? 'clear' : 'look once';
  return put(acting, { at, own, head: null, seen: '' }, { commits });
}

function lookOnce(acting: Acting): State {
  const { state, writer } = acting;
  const own = writer.own as Commit;
  const next = state.commits.find(({ version }) => version === own.version + 1);
  const isHead = headOf(state).version <= own.version;
  return put(acting, { at: isHead || next?.parent === own.run ? 'clear' : 'revoke' });
}
