import { useState } from 'preact/hooks';
import type { Run, RunDay } from '../../client/types.js';
import { count } from '../../client/words.js';
import { measureOf, type Totals } from '../../model/totals.js';
import { differenceWords } from '../model/runs.js';
import { DayErrorTable } from './day-error.js';
import { DayLink } from './day-link.js';
import { Shape } from './shape.js';

const shownAtFirst = 60;

/** The outcome of each day; failed days come first, with their errors. */
export function RunDays({ run }: { readonly run: Run }) {
  const [all, setAll] = useState(false);
  if (run.days.length === 0) return null;
  const measure = measureOf(run.days.map(({ totals }) => totals));
  const failed = run.days.filter(({ outcome }) => outcome === 'failed');
  const others = run.days.filter(({ outcome }) => outcome !== 'failed');
  const shown = all ? others : others.slice(0, shownAtFirst);
  return (
    <section>
      <h3>{run.dryRun ? 'What would change' : 'Days'}</h3>
      {failed.map((day) => (
        <FailedDay key={day.day} day={day} />
      ))}
      {shown.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
        <section class="scroll" tabIndex={0} aria-label="Days of the run">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col">Outcome</th>
                {run.dryRun ? (
                  <DifferenceHeads measure={measure} />
                ) : (
                  <CountHeads measure={measure} />
                )}
              </tr>
            </thead>
            <tbody>
              {shown.map((day) => (
                <DayRow key={day.day} day={day} dryRun={run.dryRun} measure={measure} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {shown.length < others.length && (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          Show all {count(others.length)}
        </button>
      )}
    </section>
  );
}

interface MeasureProps {
  /** Null if no measure can be added up: then there is no column for it. */
  readonly measure: string | null;
}

function CountHeads({ measure }: MeasureProps) {
  return (
    <>
      <th scope="col" class="number">
        Records
      </th>
      <th scope="col" class="number">
        Rows
      </th>
      <MeasureHead measure={measure} />
    </>
  );
}

function DifferenceHeads({ measure }: MeasureProps) {
  return (
    <>
      <th scope="col">Difference</th>
      <MeasureHead measure={measure} when=" now" />
      <MeasureHead measure={measure} when=" then" />
    </>
  );
}

function MeasureHead({ measure, when = '' }: MeasureProps & { readonly when?: string }) {
  if (measure === null) return null;
  return (
    <th scope="col" class="number">
      {measure}
      {when}
    </th>
  );
}

function MeasureCell({ measure, totals }: MeasureProps & { readonly totals: Totals }) {
  if (measure === null) return null;
  const total = totals[measure];
  return <td class="number">{total === undefined ? '–' : count(total)}</td>;
}

interface DayProps extends MeasureProps {
  readonly day: RunDay;
  readonly dryRun: boolean;
}

function DayRow({ day, dryRun, measure }: DayProps) {
  return (
    <tr>
      <td class="day">
        <Shape name={day.state} />
        <DayLink day={day.day} />
      </td>
      <td>
        {dryRun ? `would be ${day.outcome}` : day.outcome}
        <span class="hint"> was {day.state}</span>
        {day.reason !== undefined && <div class="hint">{day.reason}</div>}
      </td>
      {dryRun ? (
        <>
          <td>{differenceWords(day)}</td>
          <MeasureCell measure={measure} totals={day.difference?.totalsBefore ?? day.totals} />
          <MeasureCell measure={measure} totals={day.difference?.totalsAfter ?? day.totals} />
        </>
      ) : (
        <>
          <td class="number">{day.records === null ? '–' : count(day.records)}</td>
          <td class="number">{count(day.rows)}</td>
          <MeasureCell measure={measure} totals={day.totals} />
        </>
      )}
    </tr>
  );
}

function FailedDay({ day }: { readonly day: RunDay }) {
  return (
    <div class="failed-day">
      <p class="day">
        <Shape name="failed" />
        <DayLink day={day.day} /> failed
      </p>
      {day.error !== undefined && <DayErrorTable error={day.error} run={null} />}
    </div>
  );
}
