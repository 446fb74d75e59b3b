import { countOf } from '../../client/words.js';
import { foundNoDay } from '../../model/notice.js';
import { verdictOn } from '../model/verdict.js';
import { newKey } from '../store/actions.js';
import { useDashboard } from '../store/dashboard.js';
import { isWhole } from '../store/day-list.js';
import { ProblemNote } from './problem-note.js';

export function VerdictBanner() {
  const { facts, actions, question, ask } = useDashboard();
  // A verdict needs all days.
  if (!isWhole(facts.days.value)) return <Awaited />;
  const days = facts.days.value?.days ?? [];
  const active = facts.activeRuns.value[0] ?? null;
  // The checkpoint is requested more often than the days.
  const notices = facts.checkpoint.value?.notices ?? [];
  const ignored = facts.days.value?.ignoredCount ?? 0;
  const verdict = verdictOn({ days, gaps: facts.gaps.value, notices, ignored }, active);
  return (
    <section class="verdict" data-mood={verdict.mood} aria-labelledby="verdict">
      <div class="verdict-words">
        <h1 id="verdict">{verdict.headline}</h1>
        {verdict.sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      <div class="buttons">
        <RunPending pending={days.filter(({ pending }) => pending).length} />
        <button type="button" onClick={() => ask({ kind: 'run', days: null, dryRun: true })}>
          Dry run…
        </button>
        <button type="button" onClick={() => ask({ kind: 'run', days: [], dryRun: false })}>
          Run days…
        </button>
        <button type="button" onClick={() => ask({ kind: 'rewind', day: null })}>
          Rewind…
        </button>
      </div>
      {actions.problem.value !== null && question.value === null && (
        <ProblemNote
          problem={actions.problem.value}
          onClose={() => {
            actions.problem.value = null;
          }}
        />
      )}
    </section>
  );
}

function Awaited() {
  return (
    <section class="verdict" data-mood="pending" aria-labelledby="verdict">
      <h1 id="verdict">Looking at the older days…</h1>
    </section>
  );
}

function RunPending({ pending }: { readonly pending: number }) {
  const { actions, facts } = useDashboard();
  const active = facts.activeRuns.value.length > 0;
  const nothing = foundNoDay(facts.checkpoint.value?.notices ?? [])
    ? 'No day to run'
    : 'Nothing is pending';
  return (
    <button
      type="button"
      class="primary"
      disabled={pending === 0 || active || actions.busy.value}
      onClick={() => void actions.start(newKey(), { select: 'pending' })}
    >
      {pending === 0 ? nothing : `Run ${countOf(pending, 'pending day')}`}
    </button>
  );
}
