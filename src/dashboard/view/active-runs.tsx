import { ago, capitalised, duration } from '../../client/words.js';
import { hasEnded } from '../../model/run.js';
import { knownProgress } from '../model/progress.js';
import { whatCameOfIt, whatWasAsked } from '../model/runs.js';
import { useDashboard } from '../store/dashboard.js';
import type { Followed } from '../store/following.js';
import { Outcome } from './outcome.js';
import { ProgressBar } from './progress-bar.js';

/** Runs that are active, and the newest that ended since the page was opened. */
export function ActiveRuns() {
  const { following } = useDashboard();
  const followed = [...following.runs.value.values()].reverse();
  const active = followed.filter(({ run }) => !hasEnded(run));
  const ended = followed.find(({ run }) => hasEnded(run));
  const shown = active.length > 0 || ended === undefined ? active : [ended];
  if (shown.length === 0) return null;
  return (
    <section class="active" aria-label="Current run" aria-live="polite">
      {shown.map((each) => (
        <FollowedRun key={each.run.id} followed={each} />
      ))}
    </section>
  );
}

function FollowedRun({ followed: { run, progress } }: { readonly followed: Followed }) {
  const { facts, places, ask } = useDashboard();
  const active = !hasEnded(run);
  return (
    <div class="card active-run">
      <div class="active-run-head">
        <Outcome run={run} />
        <strong>{capitalised(whatWasAsked(run))}</strong>
        <span class="hint">
          <Timing run={run} />
        </span>
        <div class="buttons">
          {active && (
            <button type="button" onClick={() => ask({ kind: 'cancel', runId: run.id })}>
              Cancel…
            </button>
          )}
          <button type="button" onClick={() => places.go({ kind: 'run', id: run.id })}>
            Details
          </button>
        </div>
      </div>
      {active ? (
        <ProgressBar progress={knownProgress(run, progress, facts.days.value?.days ?? [])} />
      ) : (
        <p>{capitalised(whatCameOfIt(run))}</p>
      )}
    </div>
  );
}

function Timing({ run: { startedAt, durationMs } }: { readonly run: Followed['run'] }) {
  const { now } = useDashboard();
  if (durationMs !== null) return <>{duration(durationMs)}</>;
  return <>{startedAt === null ? 'queued' : `started ${ago(Date.parse(startedAt), now.value)}`}</>;
}
