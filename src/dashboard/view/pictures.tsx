import { useState } from 'preact/hooks';
import type { SumsWish } from '../../client/client.js';
import type { DayStatus, Sums } from '../../client/types.js';
import { countOf } from '../../client/words.js';
import type { Columns, Figure } from '../model/figure.js';
import { type Heat, heatFrom, heatKeysOf, mostCells } from '../model/heat.js';
import type { Problem } from '../model/problem.js';
import { Bars, type Value } from './bars.js';
import { HeatMap } from './heat-map.js';
import { ProblemNote } from './problem-note.js';
import { Select } from './select.js';
import { useSums } from './use-answer.js';

interface Props {
  /** At least one of them has rows. */
  readonly days: readonly DayStatus[];
  readonly columns: Columns;
  readonly figure: Figure;
  /** By which the service sorts. */
  readonly measure: string;
}

interface Filter {
  readonly key: string;
  readonly value: Value;
}

/** Days by the values of a small key, and the largest values of any key. */
export function Pictures(props: Props) {
  const { columns } = props;
  const [heatName, setHeatName] = useState<string | null>(null);
  const [barName, setBarName] = useState<string | null>(null);
  const [filter, setFilter] = useState<Filter | null>(null);
  const { heat, bars } = keysOf(columns, heatName, barName);
  const picked = filter?.key === bars.name && bars !== heat ? filter : null;
  const isFilter = heat !== undefined && bars !== heat && !reserved.has(bars.name);
  return (
    <div class="pictures">
      {heat !== undefined && (
        <HeatPicture {...props} heatKey={heat} onKey={setHeatName} filter={picked} />
      )}
      <BarsPicture
        {...props}
        barKey={bars}
        onKey={setBarName}
        chosen={picked?.value}
        onChoose={
          isFilter
            ? (value) => setFilter(value === undefined ? null : { key: bars.name, value })
            : null
        }
      />
    </div>
  );
}

type Key = Columns['keys'][number];

/** The chosen keys; by default a small one for the heat map, and another for the bars. */
function keysOf(columns: Columns, heatName: string | null, barName: string | null) {
  const { keys } = columns;
  const small = heatKeysOf(columns);
  const heat = small.find(({ name }) => name === heatName) ?? small[0];
  const bars = keys.find(({ name }) => name === barName) ?? keys.find((key) => key !== heat);
  return { heat, bars: bars ?? (keys[0] as Key) };
}

/** Requests sums over the days that are shown. */
function useWindowSums({ days, measure }: Props, by: string, more: Partial<SumsWish>) {
  const version = days.map(({ output }) => output?.sha256).join(' ');
  const [from, to] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  return useSums({ by, from, to, measure, limit: mostBars, where: null, ...more }, version);
}

const mostBars = 200;

/** Parameters of the route: no key column of such a name can filter. */
const reserved: ReadonlySet<string> = new Set([
  'by',
  'per',
  'measure',
  'day',
  'from',
  'to',
  'limit',
]);

interface BarsProps extends Props {
  readonly barKey: Key;
  readonly onKey: (name: string) => void;
  readonly chosen: Value | undefined;
  readonly onChoose: ((value: Value | undefined) => void) | null;
}

function BarsPicture({ barKey: { name }, onKey, chosen, onChoose, ...props }: BarsProps) {
  const sums = useWindowSums(props, name, {});
  const { columns, figure } = props;
  return (
    <div class="bars">
      <div class="bars-head">
        <h3>Largest by {name}</h3>
        <KeySelect label="Bars by" keys={columns.keys} chosen={name} onChoose={onKey} />
      </div>
      <SumsNote sums={sums} />
      {isSums(sums) && (
        <Bars
          key={name}
          name={name}
          sums={sums}
          figure={figure}
          chosen={chosen}
          onChoose={onChoose}
        />
      )}
    </div>
  );
}

interface HeatProps extends Props {
  readonly heatKey: Key;
  readonly onKey: (name: string) => void;
  readonly filter: Filter | null;
}

function HeatPicture({ heatKey, onKey, filter, ...props }: HeatProps) {
  const { days, columns, figure } = props;
  const where: SumsWish['where'] = filter && [filter.key, String(filter.value ?? '')];
  const sums = useWindowSums(props, heatKey.name, { per: 'day', limit: mostCells, where });
  const heat = isSums(sums) ? heatWith(days, heatKey, sums, figure) : heatOfNone(heatKey);
  const words = filter && `${filter.key} ${filter.value ?? '(empty)'}`;
  return (
    <div>
      <KeySelect
        label="Columns"
        keys={heatKeysOf(columns)}
        chosen={heatKey.name}
        onChoose={onKey}
      />
      <SumsNote sums={sums} />
      {heat === null ? (
        <p class="hint">{heatKey.name} has too many values to be drawn by day.</p>
      ) : (
        <HeatMap days={days} heat={heat} name={heatKey.name} figure={figure.name} filter={words} />
      )}
    </div>
  );
}

/** Until the sums are loaded. */
function heatOfNone({ range }: Key): Heat | null {
  return heatFrom(
    { range: range ?? { least: 0, most: 0 } },
    { groups: [], others: null },
    noFigure,
  );
}

const noFigure = { ofSum: () => 0 };

/** A day that was read but has no row with the value has 0 of it. */
function heatWith(days: readonly DayStatus[], key: Key, sums: Sums, figure: Figure): Heat | null {
  const heat = heatFrom(key, sums, figure);
  const read = days.findIndex(({ day }) => day === sums.days.first);
  if (heat === null || read < 0) return heat;
  const cells = new Map(
    days.slice(read).map(({ day }) => [day, new Map<number, never>()] as const),
  );
  return { ...heat, cells: new Map([...cells, ...heat.cells]) };
}

function SumsNote({ sums }: { readonly sums: Sums | Problem | null }) {
  if (sums === null) return null;
  if (!isSums(sums)) return <ProblemNote problem={sums} />;
  const { leftOut } = sums.days;
  if (leftOut === 0) return null;
  return (
    <p class="note mended">
      The oldest {countOf(leftOut, 'day')} with rows are left out: together they are too much to sum
      up at once. Show fewer days.
    </p>
  );
}

function isSums(sums: Sums | Problem | null): sums is Sums {
  return sums !== null && 'groups' in sums;
}

interface KeySelectProps {
  readonly label: string;
  readonly keys: Columns['keys'];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

/** Empty if there is nothing to choose. */
function KeySelect({ label, keys, chosen, onChoose }: KeySelectProps) {
  if (keys.length < 2) return null;
  const options = keys.map(({ name }) => [name, name] as const);
  return <Select label={label} value={chosen} options={options} onChoose={onChoose} />;
}
