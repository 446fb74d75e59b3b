import { useState } from 'preact/hooks';
import type { DayStatus } from '../../client/types.js';
import { count, countOf, ended, sentence } from '../../client/words.js';
import { markOf, needsAttention } from '../model/states.js';
import { useDashboard } from '../store/dashboard.js';
import { DayLink } from './day-link.js';
import { Shape } from './shape.js';

const shownAtFirst = 8;

/** Every day that needs attention, and why. */
export function Attention() {
  const { facts } = useDashboard();
  const [all, setAll] = useState(false);
  const days = (facts.days.value?.days ?? []).filter(needsAttention);
  const { ignored = [], ignoredCount = 0 } = facts.days.value ?? {};
  if (days.length === 0 && ignored.length === 0) return null;
  // Failed days come first, then the newest: these are what people are called for.
  const sorted = [...days]
    .reverse()
    .sort((a, b) => Number(b.lastError !== null) - Number(a.lastError !== null));
  const shown = all ? sorted : sorted.slice(0, shownAtFirst);
  return (
    <section class="card" aria-labelledby="attention">
      <h2 id="attention">What is pending, and why</h2>
      <ul class="attention">
        {shown.map((status) => (
          <AttentionLine key={status.day} status={status} />
        ))}
      </ul>
      {shown.length < sorted.length && (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          Show all {countOf(sorted.length, 'day')}
        </button>
      )}
      {ignored.length > 0 && (
        <details class="ignored" open={days.length === 0}>
          <summary>
            {countOf(ignoredCount, 'entry', 'entries')} of the raw root not taken for days
          </summary>
          <ul>
            {ignored.map(({ name, reason }) => (
              <li key={name}>
                <span class="code">{name}</span>: {reason}
              </li>
            ))}
            {ignoredCount > ignored.length && (
              <li>and {count(ignoredCount - ignored.length)} more</li>
            )}
          </ul>
        </details>
      )}
    </section>
  );
}

function AttentionLine({ status }: { readonly status: DayStatus }) {
  const { day, state, reason, lastError, pending } = status;
  return (
    <li>
      <Shape name={markOf(status) ?? state} />
      <DayLink day={day} />
      <span class="state-word">{state}</span>
      <div class="attention-words">
        <span class="hint">
          {sentence(reason)}
          {!pending && ' Runs skip it in this state.'}
        </span>
        {lastError !== null && <div class="failure">{ended(lastError.detail)}</div>}
      </div>
    </li>
  );
}
