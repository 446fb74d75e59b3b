/** What a writer of the model does: it looks, stages, claims, looks once more, publishes and answers. */
import {
  afterList,
  copy,
  exchange,
  finish,
  link,
  removePast,
  rename,
  settle,
  take,
  takeAll,
} from './protocol-publication.js';
import {
  type Acting,
  added,
  type Commit,
  dropped,
  headOf,
  idle,
  masterOf,
  namesOf,
  put,
  type State,
  type Step,
  type Writer,
} from './protocol-state.js';

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

export function act(acting: Acting): State {
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
