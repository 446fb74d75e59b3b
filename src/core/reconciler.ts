/** Looks at the world, reconciles, and puts the checkpoint right. Every request goes through here. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { CheckpointRepair, CheckpointStatus } from './checkpoint-reading.js';
import type { Day, DayLayout } from './day.js';
import type { Observer } from './observer.js';
import type {
  CheckpointStore,
  CompareAndSet,
  OutputState,
  OutputStore,
  RawListing,
  RawStore,
  StoredCheckpoint,
} from './ports.js';
import { checkpointRestsOnRaw, type Reconciled, reconcile } from './reconcile.js';

/** One look at the world, and what reconcile made of it. */
export interface Survey extends Reconciled {
  readonly raw: RawListing;
  readonly output: OutputState;
  /** Whether the checkpoint store was put right by this look. */
  readonly repaired: boolean;
}

export interface Reconciler {
  /** A look that begins after the call. Concurrent callers share one. */
  survey(): Promise<Survey>;
  /**
   * The same for who asks about output and checkpoint alone: the raw days are as an earlier look found
   * them, unless the checkpoint rests on them.
   */
  glance(): Promise<Survey>;
  /**
   * Moves the checkpoint after a commit: a survey that expects to find it behind, with the raw days as
   * they were when the commit was planned.
   */
  advance(raw: RawListing): Promise<{ readonly survey: Survey; readonly stored: CompareAndSet }>;
}

export interface ReconcilerOptions {
  readonly layout: DayLayout;
  readonly raw: RawStore;
  readonly output: OutputStore;
  readonly checkpoint: CheckpointStore;
  /** The most that the checkpoint store may take of one request. */
  readonly checkpointTimeoutMs: number;
  readonly observer: Observer;
}

type ListRaw = () => Promise<RawListing>;

interface Judged {
  readonly stored: StoredCheckpoint;
  readonly output: OutputState;
  readonly raw: RawListing;
  readonly reconciled: Reconciled;
  /** Found out when someone wants to know. */
  restsOnRaw?: boolean;
}

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { layout, checkpoint, observer } = options;

  /** What was judged last. */
  let last: Judged | null = null;
  /** The output as the last look left it. */
  let lastOutput: OutputState | null = null;

  /**
   * The order matters. A value found in the store was put there after its commit, so an output read
   * later is at least as new: a slow look can never move the checkpoint back. The raw root comes last,
   * so that a day which is in the output cannot seem to lack its raw data.
   *
   * Almost always the output is what it was at the look before, and there is nothing to repair. Then the
   * order is kept however the three were read: the same output lay there before the raw root was listed.
   * So they are read at once, and in their order only where that does not hold.
   */
  async function look(listRaw: ListRaw, listAgain = listRaw) {
    const startedAt = performance.now();
    // Another look may end meanwhile; what counts is what was known before this one read anything.
    const outputBefore = lastOutput;
    const reading = checkpoint.read(startedAt + options.checkpointTimeoutMs);
    const looking = handled(options.output.look());
    const listing = handled(listRaw());
    const stored = await reading;
    // One budget for the store: what the read took is not there for the repair. The time that the output
    // and the raw root take is theirs.
    const leftMs = startedAt + options.checkpointTimeoutMs - performance.now();
    let output = await looking;
    let raw = await listing;
    let reconciled = judge(stored, output, raw);
    if (output !== outputBefore || reconciled.repair !== null) {
      output = await lookAgain(output);
      if (output !== outputBefore) raw = await listAgain();
      reconciled = judge(stored, output, raw);
    }
    lastOutput = output;
    if (stored.status === 'unavailable') observer.checkpointUnavailable(stored.reason);
    const outcome = await putRight(reconciled.repair, performance.now() + leftMs);
    return { reconciled, raw, output, outcome };
  }

  /**
   * Whoever makes states and listings keeps them, as objects, while nothing changed; then there is nothing
   * to think over again.
   */
  function judge(stored: StoredCheckpoint, output: OutputState, raw: RawListing): Reconciled {
    const isTheSame =
      last?.output === output && last.raw === raw && isDeepStrictEqual(last.stored, stored);
    if (last === null || !isTheSame) {
      const { kind } = checkpoint;
      const { days, ledger } = output;
      const input = { layout, raw: raw.days, output: days, ledger, checkpoint: { kind, stored } };
      const reconciled = reconcile(input, last?.reconciled.days);
      last = { stored, output, raw, reconciled };
    }
    return last.reconciled;
  }

  /** What recovery did is told by the first look alone. */
  async function lookAgain({ recovered }: OutputState): Promise<OutputState> {
    const output = await options.output.look();
    return recovered.length === 0
      ? output
      : { ...output, recovered: [...recovered, ...output.recovered] };
  }

  async function putRight(repair: CheckpointRepair | null, deadline: number) {
    if (repair === null) return null;
    const outcome = await checkpoint.compareAndSet(repair.expected, repair.next, deadline);
    if (outcome.status === 'unavailable') observer.checkpointUnavailable(outcome.reason);
    return outcome;
  }

  const listRaw: ListRaw = () => options.raw.list();

  const lastRaw: ListRaw = async () => {
    if (last === null || !options.raw.hasSameEntries()) return listRaw();
    last.restsOnRaw ??= checkpointRestsOnRaw(last.reconciled.days);
    return last.restsOnRaw ? listRaw() : last.raw;
  };

  async function surveyBy(...lists: Parameters<typeof look>): Promise<Survey> {
    const startedAt = performance.now();
    const { reconciled, raw, output, outcome } = await look(...lists);
    const found = { ...reconciled, raw, output, repaired: outcome?.status === 'stored' };
    observer.reconciled(found, performance.now() - startedAt);
    return found;
  }

  async function advance(known: RawListing) {
    const { reconciled, raw, output, outcome } = await look(async () => known);
    const stored = outcome ?? readOutcome(reconciled);
    const checkpointNow =
      outcome?.status === 'stored' ? movedTo(reconciled.checkpoint.day) : reconciled.checkpoint;
    const after = { ...reconciled, checkpoint: checkpointNow, raw, output, repaired: false };
    observer.advanced(after);
    return { survey: after, stored };
  }

  function movedTo(day: Day | null): CheckpointStatus {
    return {
      day,
      reading: checkpoint.kind === 'embedded' ? 'embedded' : 'in-sync',
      stored: day === null ? { status: 'absent' } : { status: 'value', text: day },
    };
  }

  return {
    survey: shareNext(() => surveyBy(listRaw)),
    glance: shareNext(() => surveyBy(lastRaw, listRaw)),
    advance,
  };
}

/** What became of a checkpoint that needed no move, or could not be read. */
function readOutcome({ checkpoint: { stored } }: Reconciled): CompareAndSet {
  return stored.status === 'unavailable' || stored.status === 'wrong-type'
    ? stored
    : { status: 'stored' };
}

/** Awaited later: until then its failure is not unhandled. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/**
 * Callers that come while a look is under way share the next one: theirs must begin after they came, or
 * it could miss what they know to be there. At most two looks exist at a time, however many ask.
 *
 * A look waits for two turns of the event loop: in the first the answers of the look before go out, in the
 * second come the next requests of those clients. So all clients that are kept busy share one look, where
 * otherwise two halves of them would take turns, each with looks of its own.
 */
function shareNext<T>(look: () => Promise<T>): () => Promise<T> {
  let current: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;

  const begin = async () => {
    await current;
    await nextTurn();
    await nextTurn();
    next = null;
    const looking = look();
    current = looking.catch(() => {});
    return looking;
  };
  return () => {
    next ??= begin();
    return next;
  };
}
