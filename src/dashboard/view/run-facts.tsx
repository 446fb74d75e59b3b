import type { Run } from '../../client/types.js';
import { clock, count, duration } from '../../client/words.js';
import { readingBriefly } from '../model/readings.js';
import { useDashboard } from '../store/dashboard.js';
import { Fact } from './fact.js';

export function RunFacts({ run }: { readonly run: Run }) {
  const { now } = useDashboard();
  const at = (instant: string | null) => (instant === null ? '–' : clock(instant, now.value));
  const { before, after } = run.checkpoint;
  return (
    <section>
      <h3>Facts</h3>
      <dl class="facts">
        <Fact name="Asked for">{at(run.createdAt)}</Fact>
        <Fact name="Started">{at(run.startedAt)}</Fact>
        <Fact name="Ended">{at(run.finishedAt)}</Fact>
        <Fact name="Took">{run.durationMs === null ? '–' : duration(run.durationMs)}</Fact>
        <Fact name="Checkpoint">
          {before === after ? (before ?? 'none') : `${before ?? 'none'} → ${after ?? 'none'}`}
        </Fact>
        <Fact name="Found at its start">{readingBriefly(run.reading) ?? 'in order'}</Fact>
        <Fact name="Commit">
          {run.commit === null ? 'none: it changed nothing' : count(run.commit)}
        </Fact>
        <Fact name="Engine">{run.engineReason ?? run.engine}</Fact>
        {run.key !== null && (
          <Fact name="Key">
            <span class="code wrap">{run.key}</span>
            {run.attempt > 1 && `, attempt ${run.attempt}`}
          </Fact>
        )}
        <Fact name="Id">
          <span class="code wrap">{run.id}</span>
        </Fact>
      </dl>
    </section>
  );
}
