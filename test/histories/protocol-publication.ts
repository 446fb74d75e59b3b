/** How the model's writers publish and recover: step 6 of the protocol, by exchange and by rename. */
import {
  type Acting,
  added,
  type Commit,
  dropped,
  type File,
  headOf,
  idle,
  isLink,
  masterOf,
  namesOf,
  put,
  type State,
  type Step,
  targetOf,
  versionOf,
} from './protocol-state.js';

function isPast(name: string, target: Commit): boolean {
  return !isLink(name) && name !== masterOf(target) && versionOf(name) <= target.version;
}

export function afterList(acting: Acting, remove: Step): State {
  const { state, writer } = acting;
  const list = namesOf(state.staged);
  const target = targetOf(writer);
  return put(acting, { at: list.some((name) => isPast(name, target)) ? remove : 'take', list });
}

export function removePast(acting: Acting): State {
  const { state, writer } = acting;
  const target = targetOf(writer);
  const [name, ...more] = writer.list.filter((each) => isPast(each, target));
  const staged = dropped(state.staged, name as string);
  if (more.length > 0) return put(acting, { list: more }, { staged });
  return put(acting, { at: 'relist', list: [] }, { staged });
}

/** Takes one link of the past away, or goes on where there is none. */
export function take(acting: Acting): State {
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

function isTargets({ writer }: Acting, file: File): boolean {
  const { file: own, base, ours } = targetOf(writer);
  return file === own || (ours && file === base);
}

export function link(acting: Acting): State {
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

export function exchange(acting: Acting): State {
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

export function settle(acting: Acting): State {
  const { state, writer } = acting;
  const file = state.staged[writer.name];
  const at = 'finish';
  if (file === undefined) return put(acting, { at, name: '' });
  if (!isTargets(acting, file)) return put(acting, { at, name: '' }, moved(state, writer.name));
  return put(acting, { at, name: '' }, { staged: dropped(state.staged, writer.name) });
}

export function copy(acting: Acting): State {
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
export function rename(acting: Acting): State {
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

export function finish(acting: Acting): State {
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
export function takeAll(acting: Acting): State {
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
