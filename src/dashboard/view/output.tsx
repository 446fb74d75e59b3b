import { useEffect, useMemo, useState } from 'preact/hooks';
import type { DayStatus } from '../../client/types.js';
import { count } from '../../client/words.js';
import { categoryTotals, type DayTable, windowOf } from '../model/aggregate.js';
import { useDashboard } from '../store/dashboard.js';
import { Categories } from './categories.js';
import { HeatMap } from './heat-map.js';
import { ItemsChart } from './items-chart.js';
import { ProblemNote } from './problem-note.js';

const lengths = [7, 14, 28] as const;

/** Charts of the output. Rows are loaded only for a window of days, however long the history. */
export function Output() {
  const { facts, tables } = useDashboard();
  const all = facts.days.value?.days;
  const days = useMemo(() => (all ?? []).filter(({ output }) => output !== null), [all]);
  const [length, setLength] = useState<number>(14);
  const [end, setEnd] = useState<string | null>(null);
  const [category, setCategory] = useState<string | null>(null);

  const endIndex = end === null ? days.length : days.findIndex(({ day }) => day === end) + 1;
  const shown = windowOf(days, endIndex, length);
  const signature = shown.map(({ output }) => output?.sha256).join(' ');
  useEffect(() => void tables.show(shown), [signature]);

  if (days.length === 0) return null;
  const loaded = loadedOf(shown, tables.loaded.value);
  const isDrawn = !isAnyWithout(shown, tables.loaded.value);
  const turn = (by: number) => {
    const last = windowOf(days, endIndex + by * length, length).at(-1);
    setEnd(last === undefined || last === days.at(-1) ? null : last.day);
  };
  return (
    <section class="card" aria-labelledby="output">
      <h2 id="output">The output</h2>
      <ItemsChart days={days} />
      {isDrawn && (
        <WindowTools
          shown={shown}
          length={length}
          onLength={setLength}
          onOlder={shown[0] === days[0] ? null : () => turn(-1)}
          onNewer={shown.at(-1) === days.at(-1) ? null : () => turn(1)}
        />
      )}
      <ProblemNote problem={tables.problem.value} />
      <CutNote tables={loaded} />
      {isDrawn && (
        <div class="pictures">
          <HeatMap days={shown} tables={loaded} category={category} />
          <Categories
            totals={categoryTotals(loaded)}
            chosen={category}
            onChoose={setCategory}
            days={shown.length}
          />
        </div>
      )}
    </section>
  );
}

type Loaded = ReadonlyMap<string, DayTable | null>;

function loadedOf(days: readonly DayStatus[], loaded: Loaded): readonly DayTable[] {
  return days.flatMap(({ output }) => loaded.get(output?.sha256 ?? '') ?? []);
}

/** Whether a day has rows without hours and categories, which would wrongly look like a gap. */
function isAnyWithout(days: readonly DayStatus[], loaded: Loaded): boolean {
  return days.some(({ output }) => loaded.get(output?.sha256 ?? '') === null);
}

interface ToolsProps {
  readonly shown: readonly DayStatus[];
  readonly length: number;
  readonly onLength: (length: number) => void;
  readonly onOlder: (() => void) | null;
  readonly onNewer: (() => void) | null;
}

function WindowTools({ shown, length, onLength, onOlder, onNewer }: ToolsProps) {
  const [first, last] = [shown[0]?.day, shown.at(-1)?.day];
  return (
    <div class="window-tools">
      <h3>{first === last ? first : `${first} to ${last}`}, by the hour</h3>
      <div class="buttons">
        <button type="button" disabled={onOlder === null} onClick={() => onOlder?.()}>
          Older
        </button>
        <button type="button" disabled={onNewer === null} onClick={() => onNewer?.()}>
          Newer
        </button>
        <label>
          <span class="unseen">Days shown</span>
          <select
            value={length}
            onChange={({ currentTarget }) => onLength(Number(currentTarget.value))}
          >
            {lengths.map((each) => (
              <option key={each} value={each}>
                {each} days
              </option>
            ))}
          </select>
        </label>
      </div>
    </div>
  );
}

function CutNote({ tables }: { readonly tables: readonly DayTable[] }) {
  const cut = tables.filter((table) => table.cut).map(({ day }) => day);
  if (cut.length === 0) return null;
  return (
    <p class="note mended">
      Of {cut.join(', ')} only the first {count(50_000)} rows are drawn; the file has them all.
    </p>
  );
}
