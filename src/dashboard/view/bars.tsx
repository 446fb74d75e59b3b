import { useState } from 'preact/hooks';
import type { Sums } from '../../client/types.js';
import { count, countOf } from '../../client/words.js';
import type { Total } from '../../model/total.js';
import type { Figure } from '../model/figure.js';
import { largestOf } from '../model/heat.js';

/** A value of a key, as rows have it. */
export type Value = Sums['groups'][number]['value'];

interface Props {
  readonly name: string;
  readonly sums: Sums;
  readonly figure: Figure;
  /** Undefined: none is. */
  readonly chosen: Value | undefined;
  /** Null if rows cannot be filtered by this key. */
  readonly onChoose: ((value: Value | undefined) => void) | null;
}

const shownAtFirst = 12;

/** The largest values of a key, over the days that are shown; choosing one filters the heat map. */
export function Bars({ name, sums: { groups, others }, figure, chosen, onChoose }: Props) {
  const [all, setAll] = useState(false);
  const shown = all ? groups : groups.slice(0, shownAtFirst);
  const largest = largestOf(groups.map(figure.ofSum));
  return (
    <>
      <ul aria-label={`${figure.name} by ${name}`}>
        {shown.map((group) => (
          <li key={String(group.value)}>
            <Bar
              words={wordsOf(group.value)}
              total={figure.ofSum(group)}
              largest={largest}
              isChosen={group.value === chosen}
              onPress={
                onChoose !== null && String(group.value).length <= longestFilter
                  ? () => onChoose(group.value === chosen ? undefined : group.value)
                  : null
              }
            />
          </li>
        ))}
      </ul>
      {shown.length < groups.length && (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          {others === null ? 'Show all' : 'Show the first'} {count(groups.length)}
        </button>
      )}
      {others !== null && (
        <p class="hint">
          {countOf(others.groups, 'other value')}, not drawn: {figure.name}{' '}
          {count(figure.ofSum(others))} in all.
        </p>
      )}
    </>
  );
}

/** It becomes part of a URL. */
const longestFilter = 1_000;

function wordsOf(value: Value): string {
  return value === null ? '(empty)' : String(value);
}

interface BarProps {
  readonly words: string;
  readonly total: Total;
  readonly largest: Total;
  readonly isChosen: boolean;
  readonly onPress: (() => void) | null;
}

function Bar({ words, total, largest, isChosen, onPress }: BarProps) {
  const share = Math.abs(Number(total)) / Math.max(Number(largest), Number.MIN_VALUE);
  const inner = (
    <>
      <span
        class="bar-length"
        data-below={Number(total) < 0}
        style={{ width: `${Math.min(100 * share, 100)}%` }}
      />
      <span class="bar-name">{words}</span>
      <span class="bar-total">{count(total)}</span>
    </>
  );
  if (onPress === null) return <div class="bar">{inner}</div>;
  return (
    <button type="button" class="bar" aria-pressed={isChosen} onClick={onPress}>
      {inner}
    </button>
  );
}
