/** Looks at the current state, reconciles, and corrects the checkpoint. Every request goes through here. */

import { isDeepStrictEqual } from 'node:util';
import type { CheckpointStatus, StoredCheckpoint } from '../model/checkpoint.js';
import type { OutputShape } from '../model/column.js';
import type { DayLayout } from '../model/day.js';
import type { WriterSettings } from '../model/ledger.js';
import type { Notice } from '../model/notice.js';
import { ProblemError } from '../model/problems.js';
import type { Rules } from '../model/rules.js';
import type { Say } from '../model/setting-names.js';
import type { CheckpointRepair } from './checkpoint-reading.js';
import { createColumnsWatch } from './columns-change.js';
import { createContention } from './contention.js';
import { createEvents } from './events.js';
import { ledgerNotices, noticesOf, refusalNotices } from './notices.js';
import type { Observer } from './observer.js';
import type { CheckpointStore, CompareAndSet } from './ports/checkpoint.js';
import type { OutputState, OutputStore } from './ports/output.js';
import type { RawListing, RawStore } from './ports/raw.js';
import { type RawPresence, rawPresence } from './raw-presence.js';
import { checkpointRestsOnRaw, type Reconciled, reconcile } from './reconcile.js';
import { shareNext } from './share-next.js';
import type { Survey } from './survey.js';

export interface Reconciler {
  /** A look that begins after the call. Concurrent callers share one. */
  survey(): Promise<Survey>;
  /**
   * The same for requests about output and checkpoint only: the raw days are as an earlier look found them, unless the
   * checkpoint depends on them.
   */
  glance(): Promise<Survey>;
  /**
   * Moves the checkpoint after a commit: a survey that expects to find it behind, with the raw days as
   * they were when the commit was planned.
   */
  advance(raw: RawListing): Promise<{ readonly survey: Survey; readonly stored: CompareAndSet }>;
  /** Looks at the output at start, before the first request. */
  began(output: OutputState): void;
  /** Keeps events, as sentences, until a run reports them. */
  note(happened: readonly string[]): void;
  /** Events since the last run that reported them. A dry run reports them too, but they stay. */
  told(by: { readonly dryRun: boolean }): readonly string[];
}

export interface ReconcilerOptions {
  readonly layout: DayLayout;
  readonly rules: Rules;
  /** Of the rows that the definition makes. */
  readonly shape: OutputShape;
  /** Of this service, as its commits record them. */
  readonly settings: WriterSettings;
  readonly raw: RawStore;
  readonly output: OutputStore;
  readonly checkpoint: CheckpointStore;
  /** The longest that one request waits for the checkpoint store. */
  readonly checkpointTimeoutMs: number;
  /** Whether a raw root that lost its days is intended. */
  readonly allowEmptyRaw: boolean;
  readonly say: Say;
  readonly observer: Observer;
}

type ListRaw = () => Promise<RawListing>;

interface Judged {
  readonly stored: StoredCheckpoint;
  readonly output: OutputState;
  readonly raw: RawListing;
  readonly reconciled: Reconciled;
  readonly notices: readonly Notice[];
  /** Computed on demand. */
  restsOnRaw?: boolean;
}

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { layout, rules, settings, checkpoint, observer } = options;
  const { definition } = rules;
  const contention = createContention(settings);
  const columns = createColumnsWatch(options.shape);
  const events = createEvents();

  /** What was judged last. */
  let last: Judged | null = null;
  /** The output as the last look left it. */
  let lastOutput: OutputState | null = null;
  /** Whether the last look failed: then a glance looks at the raw days, too, and fails like a survey. */
  let wasRefused = false;

  /**
   * The order matters. A value in the store was written after its commit, so an output read later is at least as new:
   * a slow look can never move the checkpoint back. The raw root comes last, so that a day in the output cannot seem
   * to lack its raw data.
   *
   * Almost always the output has not changed since the previous look, and nothing needs repair. Then the order of
   * reading does not matter: the same output was there before the raw root was listed. So the three are read
   * concurrently, and in order only otherwise.
   */
  async function look(
    listRaw: ListRaw,
    listAgain = listRaw,
    budgetMs = options.checkpointTimeoutMs,
  ) {
    const startedAt = performance.now();
    // Another look may end in the meantime; only what was known before this one began counts.
    const outputBefore = lastOutput;
    // One budget for the store: what the read took is not there for the repair. The time that the output
    // and the raw root take is theirs.
    let leftMs = 0;
    const reading = checkpoint.read(startedAt + budgetMs).finally(() => {
      leftMs = startedAt + budgetMs - performance.now();
    });
    const looking = lookAtOutput();
    // If both fail, reports the problem of the output.
    const listing = listRaw().catch((error) => looking.then(() => Promise.reject(error)));
    // Where one of them cannot be had, the look ends: a store beside an output whose disk hangs is not waited for.
    const [stored, seen, listed] = await Promise.all([reading, looking, listing]);
    let [output, raw] = [seen, listed];
    let judged = judge(stored, output, raw);
    if (output !== outputBefore || judged.reconciled.repair !== null) {
      output = await lookAtOutput();
      if (output !== outputBefore) raw = await listAgain();
      judged = judge(stored, output, raw);
    }
    lastOutput = output;
    const wasMoved = contention.saw({ stored, output, raw });
    if (stored.status === 'unavailable') observer.checkpointUnavailable(stored.reason);
    const { reconciled } = judged;
    const deadline = performance.now() + leftMs;
    if (reconciled.repair === null) await settleRefusal(reconciled.checkpoint, deadline);
    const outcome = await putRight(reconciled.repair, wasMoved, deadline);
    const notices = noticesNow(judged);
    observer.noticed(notices);
    const found = { raw, output, columns: columns.of(output) };
    return { reconciled, found, outcome, notices, deadline };
  }

  function noticesNow({ notices }: Judged): readonly Notice[] {
    const others = [...contention.notices(), ...refusalNotices(checkpoint.refusal())];
    const codes = new Set(others.map(({ code }) => code));
    return [...notices.filter(({ code }) => !codes.has(code)), ...others, ...events.notices()];
  }

  /**
   * States and listings are the same objects while nothing has changed; then there is nothing to compute again.
   */
  function judge(stored: StoredCheckpoint, output: OutputState, raw: RawListing): Judged {
    const isTheSame =
      last?.output === output && last.raw === raw && isDeepStrictEqual(last.stored, stored);
    if (last === null || !isTheSame) {
      const { kind } = checkpoint;
      const { days, ledger } = output;
      const change = columns.of(output);
      const input = { layout, rules, raw: raw.days, output: days, ledger };
      const reconciled = reconcile(
        { ...input, hasOtherColumns: change !== null, checkpoint: { kind, stored } },
        last?.reconciled,
      );
      const presence = presenceOf(output, raw, reconciled);
      const { days: statuses } = reconciled;
      const found = {
        raw,
        output,
        columns: change,
        days: statuses,
        settings,
        definition,
        presence,
      };
      const notices = noticesOf(found);
      last = { stored, output, raw, reconciled, notices };
    }
    return last;
  }

  /** Throws if the root is not mounted: otherwise every day would seem to have lost its raw data. */
  function presenceOf(
    { record }: OutputState,
    listing: RawListing,
    { judged }: Reconciled,
  ): RawPresence {
    const presence = rawPresence({ listing, judged, recorded: record?.raw ?? null });
    if (options.allowEmptyRaw || presence.kind === 'there') return { kind: 'there' };
    const detail = options.say(presence.detail);
    if (presence.kind === 'unmounted') throw new ProblemError('raw-unavailable', detail);
    return { ...presence, detail };
  }

  /** Only one look returns what recovery did, so it is recorded even if the rest of this look fails. */
  async function lookAtOutput(): Promise<OutputState> {
    const output = await options.output.look();
    columns.saw(output);
    note(output.recovered);
    return output;
  }

  function note(happened: readonly string[]): void {
    for (const each of happened) observer.warning(each);
    events.note(happened);
  }

  /**
   * What was refused may be wanted no more, as after a rewind to the day that the store holds. To write that day
   * where it stands tells the store so, whatever becomes of it.
   */
  async function settleRefusal({ day, stored }: CheckpointStatus, deadline: number) {
    const isRight = stored.status === 'value' || stored.status === 'absent';
    if (isRight && checkpoint.refusal() !== null)
      await checkpoint.compareAndSet(day, day, deadline);
  }

  async function putRight(repair: CheckpointRepair | null, wasMoved: boolean, deadline: number) {
    if (repair === null) return null;
    const outcome = await checkpoint.compareAndSet(repair.expected, repair.next, deadline);
    if (outcome.status === 'stored') contention.putRight(repair, wasMoved);
    if (outcome.status === 'unavailable') {
      contention.unsure(repair);
      // A refused write is a notice for as long as it lasts.
      if (checkpoint.refusal() === null) observer.checkpointUnavailable(outcome.reason);
    }
    return outcome;
  }

  const listRaw: ListRaw = () => options.raw.list();

  const lastRaw: ListRaw = async () => {
    if (last === null || wasRefused || !(await options.raw.hasSameEntries())) return listRaw();
    last.restsOnRaw ??=
      rules.checkpoint === 'complete' || checkpointRestsOnRaw(last.reconciled.days);
    return last.restsOnRaw ? listRaw() : last.raw;
  };

  async function surveyBy(...lists: Parameters<typeof look>): Promise<Survey> {
    const startedAt = performance.now();
    const looked = await look(...lists).catch((error) => {
      wasRefused = true;
      throw error;
    });
    wasRefused = false;
    const { reconciled, found, outcome, notices } = looked;
    const survey = { ...reconciled, ...found, repaired: outcome?.status === 'stored', notices };
    observer.reconciled(survey, performance.now() - startedAt);
    return survey;
  }

  async function advance(known: RawListing) {
    const { reconciled, found, outcome, notices } = await lookUntilAnswered(known);
    const stored = outcome ?? readOutcome(reconciled);
    const checkpointNow =
      outcome?.status === 'stored' ? moved(reconciled.checkpoint) : reconciled.checkpoint;
    const after = { ...reconciled, ...found, notices, checkpoint: checkpointNow, repaired: false };
    observer.advanced(after);
    return { survey: after, stored };
  }

  /**
   * Another look of this service may put the store right between the read and the write of this one. What it
   * holds then is as good as if this one had written it, which the next look tells. One budget for all of them.
   */
  async function lookUntilAnswered(known: RawListing) {
    let found = await look(async () => known);
    for (let tries = 1; tries < maxTries && found.outcome?.status === 'conflict'; tries += 1) {
      const leftMs = found.deadline - performance.now();
      if (leftMs <= 0) break;
      found = await look(async () => known, undefined, leftMs);
    }
    return found;
  }

  function moved(before: CheckpointStatus): CheckpointStatus {
    const { day } = before;
    return {
      ...before,
      reading: checkpoint.kind === 'embedded' ? 'embedded' : 'in-sync',
      stored: day === null ? { status: 'absent' } : { status: 'value', text: day },
    };
  }

  return {
    survey: shareNext(() => surveyBy(listRaw)),
    glance: shareNext(() => surveyBy(lastRaw, listRaw)),
    advance,
    began: (output) => {
      columns.saw(output);
      note(output.recovered);
      observer.noticed(ledgerNotices(output));
    },
    note,
    told: events.told,
  };
}

/** Another look of this service can interfere once or twice; if it happens more often, another program writes the key. */
const maxTries = 5;

/** What became of a checkpoint that needed no move, or could not be read. */
function readOutcome({ checkpoint: { stored } }: Reconciled): CompareAndSet {
  return stored.status === 'unavailable' || stored.status === 'wrong-type'
    ? stored
    : { status: 'stored' };
}
