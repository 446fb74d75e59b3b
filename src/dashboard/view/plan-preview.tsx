import type { Plan } from '../../client/types.js';
import { count, countOf, sentence, size } from '../../client/words.js';
import { Shape } from './shape.js';

const shownAtMost = 40;

export function PlanPreview({ plan }: { readonly plan: Plan }) {
  const { days, bytes } = plan.total;
  const more = days - shownAtMost;
  return (
    <div class="plan" role="status">
      <p>
        {days === 0
          ? 'It would process no days.'
          : `It processes ${countOf(days, 'day')}, ${size(bytes)} of raw files:`}
      </p>
      <ul class="day-list">
        {plan.days.slice(0, shownAtMost).map(({ day, state, lastError }) => (
          <li key={day}>
            <Shape name={state} /> {day}{' '}
            <span class="hint">
              {state}
              {lastError !== null && ', failed last'}
            </span>
          </li>
        ))}
        {more > 0 && <li>and {count(more)} more</li>}
      </ul>
      {plan.leave.map(({ day, reason }) => (
        <p key={day} class="mistake">
          {sentence(`day ${day} has nothing to read, and would be reported as failed: ${reason}`)}
        </p>
      ))}
    </div>
  );
}
