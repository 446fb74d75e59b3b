import { useState } from 'preact/hooks';
import type { ListedRun } from '../../client/types.js';
import { ago, capitalised, clock, countOf, duration } from '../../client/words.js';
import { readingBriefly } from '../model/readings.js';
import { runLines, whatCameOfIt, whatWasAsked } from '../model/runs.js';
import { useDashboard } from '../store/dashboard.js';
import { Outcome } from './outcome.js';

const shownAtFirst = 6;

export function Runs() {
  const { facts } = useDashboard();
  const [all, setAll] = useState(false);
  const lines = runLines(facts.runs.value);
  const shown = all ? lines : lines.slice(0, shownAtFirst);
  const more = shown.length < lines.length || facts.olderRuns.value !== null;
  const showMore = () => {
    if (all) void facts.loadOlderRuns();
    setAll(true);
  };
  return (
    <section class="card" aria-labelledby="runs">
      <h2 id="runs">Recent runs</h2>
      {lines.length === 0 && <p class="hint">No run yet.</p>}
      <ol class="runs">
        {shown.map((line) =>
          line.kind === 'run' ? (
            <RunLine key={line.run.id} run={line.run} />
          ) : (
            <IdleLine key={line.runs[0]?.id} runs={line.runs} />
          ),
        )}
      </ol>
      {more && (
        <button type="button" class="quiet" onClick={showMore}>
          Older runs
        </button>
      )}
    </section>
  );
}

function RunLine({ run }: { readonly run: ListedRun }) {
  const { places, now } = useDashboard();
  const reading = readingBriefly(run.reading);
  const at = run.startedAt ?? run.createdAt;
  return (
    <li>
      <button type="button" class="run" onClick={() => places.go({ kind: 'run', id: run.id })}>
        <span class="run-head">
          <Outcome run={run} />
          <span class="hint" title={at}>
            {clock(at, now.value)}
            {run.durationMs !== null && ` · ${duration(run.durationMs)}`}
          </span>
        </span>
        <span>
          {capitalised(whatWasAsked(run))}: {whatCameOfIt(run)}
        </span>
        {reading !== null && <span class="hint">{reading} before it</span>}
      </button>
    </li>
  );
}

function IdleLine({ runs }: { readonly runs: readonly ListedRun[] }) {
  const { now } = useDashboard();
  const [newest] = runs;
  if (newest === undefined) return null;
  return (
    <li class="idle hint">
      {countOf(runs.length, 'run')} with nothing to do, the last{' '}
      {ago(Date.parse(newest.createdAt), now.value)}
    </li>
  );
}
