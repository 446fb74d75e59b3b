import type { Run } from '../../client/types.js';
import { capitalised, ended, sentence } from '../../client/words.js';
import { hasEnded } from '../../model/run.js';
import type { Problem } from '../model/problem.js';
import { knownProgress } from '../model/progress.js';
import { whatCameOfIt, whatWasAsked } from '../model/runs.js';
import { useDashboard } from '../store/dashboard.js';
import { Modal } from './modal.js';
import { Outcome } from './outcome.js';
import { ProblemNote } from './problem-note.js';
import { ProgressBar } from './progress-bar.js';
import { RunDays } from './run-days.js';
import { RunFacts } from './run-facts.js';
import { useKnown } from './use-answer.js';

export function RunPanel() {
  const { places } = useDashboard();
  const place = places.open.value;
  if (place?.kind !== 'run') return null;
  return <OpenRun key={place.id} id={place.id} />;
}

/** From the events, or from a request. */
function useRun(id: string): Run | Problem | null {
  const { following, session } = useDashboard();
  const followed = following.runs.value.get(id)?.run;
  const known = followed !== undefined && 'days' in followed ? followed : undefined;
  return useKnown(id, known, (each) => session.client.run(each));
}

function OpenRun({ id }: { readonly id: string }) {
  const { places } = useDashboard();
  const found = useRun(id);
  const run = found !== null && 'status' in found && 'days' in found ? found : null;
  return (
    <Modal
      kind="panel"
      title={run === null ? 'Run' : capitalised(whatWasAsked(run))}
      onClose={() => places.go(null)}
    >
      {found === null && <p role="status">Looking…</p>}
      {found !== null && 'nextAction' in found && <ProblemNote problem={found} />}
      {run !== null && <RunDetails run={run} />}
    </Modal>
  );
}

function RunDetails({ run }: { readonly run: Run }) {
  const { facts, following } = useDashboard();
  const told = following.runs.value.get(run.id)?.progress ?? null;
  return (
    <>
      <p class="run-summary">
        <Outcome run={run} /> {sentence(whatCameOfIt(run))}
      </p>
      {!hasEnded(run) && (
        <ProgressBar progress={knownProgress(run, told, facts.days.value?.days ?? [])} />
      )}
      {run.error !== null && (
        <div class="note bad">
          <strong>{run.error.title}</strong>
          <p>{ended(run.error.detail)}</p>
        </div>
      )}
      {run.warnings.map((warning) => (
        <p key={warning} class="note mended">
          {ended(warning)}
        </p>
      ))}
      <RunAgain run={run} />
      <RunDays run={run} />
      <RunFacts run={run} />
    </>
  );
}

/** After a dry run, offers the real run. */
function RunAgain({ run }: { readonly run: Run }) {
  const { ask } = useDashboard();
  const changes = run.days.some(({ outcome }) => outcome === 'added' || outcome === 'replaced');
  if (!run.dryRun || !hasEnded(run) || !changes) return null;
  const days = run.days.filter(({ outcome }) => outcome !== 'failed').map(({ day }) => day);
  return (
    <div class="buttons">
      <button
        type="button"
        class="primary"
        onClick={() => ask({ kind: 'run', days, dryRun: false })}
      >
        Run these days for real…
      </button>
    </div>
  );
}
