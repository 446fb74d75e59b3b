import { countOf } from '../../client/words.js';
import type { Rewinding } from '../../model/rewind.js';

interface Props {
  readonly from: string;
  readonly to: string | null;
  readonly preview: Rewinding;
}

const shownAtMost = 60;

/** Exactly what a rewind will do. */
export function RewindPreviewWords({ from, to, preview: { marked, untouched } }: Props) {
  if (marked.length === 0 && untouched.length === 0) {
    return <p class="plan">There is nothing above it: nothing would change.</p>;
  }
  return (
    <div class="plan" role="status">
      <p>
        The checkpoint goes from {from} to {to ?? 'before the first day'}. No row is touched now:
        the next run makes {countOf(marked.length, 'day')} again from raw files, and until then the
        rows stay readable.
      </p>
      <h3>Made again</h3>
      <DayNames days={marked} none="None." />
      {untouched.length > 0 && (
        <>
          <h3>Left as they are</h3>
          <ul class="day-list">
            {untouched.slice(0, shownAtMost).map(({ day, reason }) => (
              <li key={day}>
                {day} <span class="hint">{reason}</span>
              </li>
            ))}
            {untouched.length > shownAtMost && <li>and {untouched.length - shownAtMost} more</li>}
          </ul>
        </>
      )}
    </div>
  );
}

function DayNames({ days, none }: { readonly days: readonly string[]; readonly none: string }) {
  if (days.length === 0) return <p class="hint">{none}</p>;
  return (
    <ul class="day-list">
      {days.slice(0, shownAtMost).map((day) => (
        <li key={day}>{day}</li>
      ))}
      {days.length > shownAtMost && <li>and {days.length - shownAtMost} more</li>}
    </ul>
  );
}
