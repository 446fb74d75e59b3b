import { clock, count, size } from '../../client/words.js';
import { completeWords } from '../model/complete.js';
import { isDrift, latestDrift, readingWords } from '../model/readings.js';
import { useDashboard } from '../store/dashboard.js';
import { isWhole } from '../store/day-list.js';
import { Fact } from './fact.js';

export function CheckpointCard() {
  const { facts, now } = useDashboard();
  const checkpoint = facts.checkpoint.value;
  if (checkpoint === null) return null;
  const { mood, text } = readingWords(checkpoint);
  // What this look found wrong is already shown.
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
        <Fact name="Days in the output">{count(days)}</Fact>
        <Fact name="Rows">{count(rows)}</Fact>
        <Fact name="Size">{bytes === null ? 'no file yet' : size(bytes)}</Fact>
        <Fact name="Commit">{version === 0 ? 'none yet' : count(version)}</Fact>
      </dl>
    </section>
  );
}
