import { completeWords } from '../model/complete.js';
import { isDrift, latestDrift, readingWords } from '../model/readings.js';
import { clock, count, size } from '../model/words.js';
import { useDashboard } from '../store/dashboard.js';
import { isWhole } from '../store/day-list.js';

export function CheckpointCard() {
  const { facts, now } = useDashboard();
  const checkpoint = facts.checkpoint.value;
  if (checkpoint === null) return null;
  const { mood, text } = readingWords(checkpoint);
  // What this look found wrong is said already.
  const drift = isDrift(checkpoint) ? null : latestDrift(facts.runs.value, facts.drift.value);
  const complete = completeWords(
    checkpoint,
    isWhole(facts.days.value) ? (facts.days.value?.days ?? []) : [],
  );
  const { days, rows, bytes, version } = checkpoint.output;
  return (
    <section class="card" aria-labelledby="checkpoint">
      <h2 id="checkpoint">Checkpoint</h2>
      <p class="figure">{checkpoint.day ?? 'none'}</p>
      {complete !== null && (
        <p class="reading" data-mood="mended">
          {complete}
        </p>
      )}
      <p class="reading" data-mood={mood}>
        {text}
      </p>
      {drift !== null && (
        <p class="reading" data-mood="mended">
          Last found wrong {clock(drift.at, now.value)}: {drift.text}
        </p>
      )}
      <dl class="facts">
        <dt>Days in the output</dt>
        <dd>{count(days)}</dd>
        <dt>Rows</dt>
        <dd>{count(rows)}</dd>
        <dt>Size</dt>
        <dd>{bytes === null ? 'no file yet' : size(bytes)}</dd>
        <dt>Commit</dt>
        <dd>{version === 0 ? 'none yet' : count(version)}</dd>
      </dl>
    </section>
  );
}
