import { useState } from 'preact/hooks';
import type { DayState } from '../../client/types.js';
import { count, countOf } from '../../client/words.js';
import { writeDayRange } from '../model/day-range.js';
import { stateMeanings } from '../model/states.js';
import { useDashboard } from '../store/dashboard.js';
import { Shape } from './shape.js';
import { Strip } from './strip.js';

export function Days() {
  const { facts, chosen } = useDashboard();
  const [filter, setFilter] = useState<DayState | null>(null);
  const [choosing, setChoosing] = useState(false);
  const days = facts.days.value?.days ?? [];
  return (
    <section class="card" aria-labelledby="days" id="days-section">
      <div class="card-head">
        <h2 id="days" tabIndex={-1}>
          Days
        </h2>
        <span class="hint">{spanOf(days)}</span>
        {days.length > 0 && (
          <button
            type="button"
            aria-pressed={choosing}
            onClick={() => {
              setChoosing(!choosing);
              if (choosing) chosen.value = new Set();
            }}
          >
            {choosing ? 'Stop choosing' : 'Choose days'}
          </button>
        )}
      </div>
      <Legend filter={filter} onFilter={setFilter} />
      {days.length === 0 ? (
        <p class="hint">Days appear here when their folders arrive in the raw root.</p>
      ) : (
        <Strip filter={filter} choosing={choosing} />
      )}
      {choosing && <ChosenBar />}
    </section>
  );
}

function spanOf(days: readonly { readonly day: string }[]): string {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return '';
  return `${countOf(days.length, 'day')}, ${first.day} to ${last.day}`;
}

interface LegendProps {
  readonly filter: DayState | null;
  readonly onFilter: (filter: DayState | null) => void;
}

/** Explains the shapes, counts the days, and highlights those of one state. */
function Legend({ filter, onFilter }: LegendProps) {
  const { facts } = useDashboard();
  const counts = facts.days.value?.counts;
  const failed = (facts.days.value?.days ?? []).filter(
    ({ lastError }) => lastError !== null,
  ).length;
  return (
    <fieldset class="legend">
      <legend class="unseen">Highlight days by state</legend>
      {(Object.entries(stateMeanings) as [DayState, string][]).map(([state, meaning]) => (
        <button
          type="button"
          key={state}
          class="legend-entry"
          data-state={state}
          data-none={counts?.[state] === 0}
          aria-pressed={filter === state}
          title={meaning}
          onClick={() => onFilter(filter === state ? null : state)}
        >
          <Shape name={state} />
          {state}
          <span class="legend-count">{count(counts?.[state] ?? 0)}</span>
        </button>
      ))}
      <span class="legend-entry" data-none={facts.gaps.value === 0}>
        <Shape name="gap" />
        missing
        <span class="legend-count">{count(facts.gaps.value)}</span>
      </span>
      <span class="legend-entry" data-none={failed === 0}>
        <Shape name="failed" />
        failed last
        <span class="legend-count">{count(failed)}</span>
      </span>
    </fieldset>
  );
}

function ChosenBar() {
  const { facts, chosen, ask } = useDashboard();
  const days = [...chosen.value];
  return (
    <div class="chosen" role="status">
      <span>
        {days.length === 0
          ? 'Click days to select them; with Shift, a range.'
          : `${countOf(days.length, 'day')}: ${writeDayRange(chosen.value, facts.days.value?.days ?? [])}`}
      </span>
      {days.length > 0 && (
        <div class="buttons">
          <button
            type="button"
            class="primary"
            onClick={() => ask({ kind: 'run', days, dryRun: false })}
          >
            Run them…
          </button>
          <button type="button" onClick={() => ask({ kind: 'run', days, dryRun: true })}>
            Dry run…
          </button>
        </div>
      )}
    </div>
  );
}
