import type { DayStatus } from '../../client/types.js';
import { sentence } from '../../client/words.js';
import { rewindTargets } from '../../model/rewind.js';
import type { Problem } from '../model/problem.js';
import { useDashboard } from '../store/dashboard.js';
import { DayErrorTable } from './day-error.js';
import { DayOrigin, DayRows, RawFiles } from './day-facts.js';
import { Modal } from './modal.js';
import { ProblemNote } from './problem-note.js';
import { Shape } from './shape.js';
import { useKnown } from './use-answer.js';

export function DayPanel() {
  const { places } = useDashboard();
  const place = places.open.value;
  if (place?.kind !== 'day') return null;
  return <OpenDay key={place.day} day={place.day} />;
}

/** The newest known state: from the list or, for a day that it lacks, from a request. */
function useDay(day: string): DayStatus | Problem | null {
  const { facts, session } = useDashboard();
  const listed = facts.days.value?.days.find((each) => each.day === day);
  return useKnown(day, listed, (each) => session.client.day(each));
}

function OpenDay({ day }: { readonly day: string }) {
  const { places } = useDashboard();
  const found = useDay(day);
  const status = found !== null && 'state' in found ? found : null;
  const title = (
    <>
      {status !== null && <Shape name={status.state} />}
      {day}
      {status !== null && <span class="state-word">{status.state}</span>}
    </>
  );
  return (
    <Modal kind="panel" title={title} onClose={() => places.go(null)}>
      {found === null && <p role="status">Looking…</p>}
      {found !== null && 'nextAction' in found && <ProblemNote problem={found} />}
      {status !== null && <DayFacts status={status} />}
    </Modal>
  );
}

function DayFacts({ status }: { readonly status: DayStatus }) {
  return (
    <>
      <p>
        {sentence(status.reason)}
        {status.pending && ' The next run processes it.'}
      </p>
      <DayActions status={status} />
      {status.lastError !== null && (
        <DayErrorTable error={status.lastError} run={status.lastRun?.id ?? null} />
      )}
      <RawFiles status={status} />
      <DayRows status={status} />
      <DayOrigin status={status} />
    </>
  );
}

function DayActions({ status: { day } }: { readonly status: DayStatus }) {
  const { facts, ask } = useDashboard();
  const targets = rewindTargets(
    facts.days.value?.days ?? [],
    facts.checkpoint.value?.highest ?? null,
  );
  return (
    <div class="buttons">
      <button
        type="button"
        class="primary"
        onClick={() => ask({ kind: 'run', days: [day], dryRun: false })}
      >
        Run this day…
      </button>
      <button type="button" onClick={() => ask({ kind: 'run', days: [day], dryRun: true })}>
        Dry run…
      </button>
      {targets.includes(day) && (
        <button type="button" onClick={() => ask({ kind: 'rewind', day })}>
          Rewind to here…
        </button>
      )}
    </div>
  );
}
