/**
 * The publication protocol as a model: every interleaving of some writers, each of which may die or sleep
 * at any step, and of another program that renames its own versions onto the output. A step is what the
 * kernel does as one; what a process does with names that no one else uses is joined to the step before.
 *
 * Breadth first, so that a violation comes with the shortest way to it.
 */
import { createHash } from 'node:crypto';
import { headOf, idle, initial, type Model, masterOf, put, type State } from './protocol-state.js';
import { act } from './protocol-writer.js';

export interface Found {
  readonly states: number;
  /** Null where every state keeps every promise. */
  readonly violation: { readonly what: string; readonly steps: readonly string[] } | null;
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
