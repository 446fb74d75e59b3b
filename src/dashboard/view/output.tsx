import { useEffect, useMemo, useState } from 'preact/hooks';
import type { DayStatus } from '../../client/types.js';
import { countOf, list } from '../../client/words.js';
import { type Columns, type Figure, figuresOf, notAddedUp } from '../model/figure.js';
import { windowOf } from '../model/heat.js';
import { useDashboard } from '../store/dashboard.js';
import { DayChart } from './day-chart.js';
import { Pictures } from './pictures.js';
import { Select } from './select.js';

const lengths = [7, 14, 28] as const;

/** Charts of the output. Sums are requested only for a window of days, however long the history. */
export function Output() {
  const { facts, dataset } = useDashboard();
  const days = facts.days.value?.days ?? [];
  const columns = dataset.value?.columns ?? null;
  if (columns === null || days.every(({ output }) => output === null)) return null;
  return <Drawn days={days} columns={columns} />;
}

interface Props {
  readonly days: readonly DayStatus[];
  readonly columns: Columns;
}

function Drawn({ days, columns }: Props) {
  const figures = useMemo(() => figuresOf(columns), [JSON.stringify(columns)]);
  const [figureId, setFigureId] = useState<string | null>(null);
  const [length, setLength] = useState<number>(14);
  const [end, setEnd] = useState<string | null>(null);
  const figure = figures.find(({ id }) => id === figureId) ?? figures[0];

  const endIndex = end === null ? days.length : days.findIndex(({ day }) => day === end) + 1;
  const shown = windowOf(days, endIndex, length);
  const turn = (by: number) => {
    const last = windowOf(days, endIndex + by * length, length).at(-1);
    setEnd(last === undefined || last === days.at(-1) ? null : last.day);
  };
  // Where the newest days came since, the window goes on from the one that it ended with.
  useEffect(() => {
    if (end !== null && endIndex === 0) setEnd(null);
  }, [end, endIndex]);
  return (
    <section class="card" aria-labelledby="output">
      <div class="card-head">
        <h2 id="output">The output</h2>
        <Select
          label="What is drawn"
          value={figure.id}
          options={figures.map(({ id, name }) => [id, name])}
          onChoose={setFigureId}
        />
      </div>
      <NotAddedUp columns={columns} />
      <DayChart days={days} figure={figure} />
      {columns.keys.length > 0 && (
        <>
          <WindowTools
            shown={shown}
            length={length}
            onLength={setLength}
            onOlder={shown[0] === days[0] ? null : () => turn(-1)}
            onNewer={shown.at(-1) === days.at(-1) ? null : () => turn(1)}
          />
          <KeyPictures days={shown} columns={columns} figure={figure} />
        </>
      )}
    </section>
  );
}

function NotAddedUp({ columns }: Pick<Props, 'columns'>) {
  const names = notAddedUp(columns);
  if (names.length === 0) return null;
  const are = names.length === 1 ? 'is' : 'are';
  return (
    <p class="hint">
      {list(names)} {are} not drawn: {countOf(names.length, 'measure')} whose values cannot be added
      up.
    </p>
  );
}

function KeyPictures({ days, columns, figure }: Props & { readonly figure: Figure }) {
  if (figure.measure === null) {
    return <p class="hint">{figure.name} are counted for each day, and not for its keys.</p>;
  }
  if (days.every(({ output }) => output === null)) {
    return <p class="hint">These days have no rows.</p>;
  }
  return <Pictures days={days} columns={columns} figure={figure} measure={figure.measure} />;
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
      <h3>{first === last ? first : `${first} to ${last}`}</h3>
      <div class="buttons">
        <button type="button" disabled={onOlder === null} onClick={() => onOlder?.()}>
          Older
        </button>
        <button type="button" disabled={onNewer === null} onClick={() => onNewer?.()}>
          Newer
        </button>
        <Select
          label="Days shown"
          value={String(length)}
          options={lengths.map((each) => [String(each), `${each} days`])}
          onChoose={(chosen) => onLength(Number(chosen))}
        />
      </div>
    </div>
  );
}
