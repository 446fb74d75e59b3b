import type { ComponentChildren } from 'preact';
import type { Run } from '../api/types.js';
import { readingBriefly } from '../model/readings.js';
import { clock, count, duration } from '../model/words.js';
import { useDashboard } from '../store/dashboard.js';

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

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
