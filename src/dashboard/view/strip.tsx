/**
 * The strip of days. One cell can be reached by Tab; arrow keys move from there. Months out of view are neither laid
 * out nor painted (`content-visibility`), and only changed ones are rendered again.
 */
import { memo } from 'preact/compat';
import { useRef, useState } from 'preact/hooks';
import type { DayState } from '../../client/types.js';
import { countOf } from '../../client/words.js';
import type { Group, Slot } from '../model/groups.js';
import { describeDay } from '../model/states.js';
import { move, rowsOf } from '../model/strip-keys.js';
import { useDashboard } from '../store/dashboard.js';
import { Shape } from './shape.js';

interface Props {
  readonly filter: DayState | null;
  readonly choosing: boolean;
}

export function Strip({ filter, choosing }: Props) {
  const { facts, chosen, places } = useDashboard();
  const box = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const groups = facts.groups.value;
  const reachable = current ?? newestOf(groups);

  const choose = (day: string, upTo: boolean) => {
    const next = new Set(chosen.value);
    const days =
      upTo && current !== null ? between(facts.days.value?.days ?? [], current, day) : [day];
    const add = upTo || !next.has(day);
    for (const each of days) {
      if (add) next.add(each);
      else next.delete(each);
    }
    chosen.value = next;
  };
  const onClick = (event: MouseEvent) => {
    const cell = (event.target as Element).closest<HTMLElement>('[data-day]');
    const day = cell?.dataset['day'];
    if (day === undefined) return;
    if (cell?.dataset['state'] !== 'gap') {
      if (choosing) choose(day, event.shiftKey);
      else places.go({ kind: 'day', day });
    }
    setCurrent(day);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = reachable === null ? null : move(rowsOf(groups), reachable, event.key);
    if (next === null) return;
    event.preventDefault();
    setCurrent(next);
    box.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's.
    <div
      ref={box}
      class="strip"
      role="group"
      aria-label="Days by month, the newest first. Arrow keys move, Enter opens."
      data-filter={filter ?? undefined}
      onClick={onClick}
      onKeyDown={onKeyDown}
    >
      {groups.map((group) => (
        <GroupRow
          key={group.id}
          group={group}
          reachable={holds(group, reachable) ? reachable : null}
          chosen={chosenIn(group, chosen.value)}
        />
      ))}
    </div>
  );
}

interface RowProps {
  readonly group: Group;
  readonly reachable: string | null;
  /** The chosen days of this group, as one text, so that equal choices are equal. */
  readonly chosen: string;
}

const GroupRow = memo(({ group, reachable, chosen }: RowProps) => {
  if (group.kind === 'void') {
    return <p class="strip-void">{countOf(group.days, 'day')} missing</p>;
  }
  const chosenDays = new Set(chosen.split(' '));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form's.
    <div class="strip-row" role="group" aria-label={group.label}>
      <span class="strip-label" aria-hidden="true">
        {group.label}
      </span>
      <div class="strip-cells">
        {group.offset > 0 && (
          <span
            class="strip-offset"
            data-offset={group.offset}
            style={{ '--offset': group.offset }}
          />
        )}
        {group.slots.map((slot) => (
          <Cell
            key={dayOf(slot)}
            slot={slot}
            reachable={dayOf(slot) === reachable}
            chosen={chosenDays.has(dayOf(slot))}
          />
        ))}
      </div>
    </div>
  );
});

interface CellProps {
  readonly slot: Slot;
  readonly reachable: boolean;
  readonly chosen: boolean;
}

function Cell({ slot, reachable, chosen }: CellProps) {
  const day = dayOf(slot);
  const state = slot.kind === 'day' ? slot.status.state : 'gap';
  const failed = slot.kind === 'day' && slot.status.lastError !== null;
  const words = slot.kind === 'day' ? describeDay(slot.status) : `${day}: missing`;
  return (
    <button
      type="button"
      class="cell"
      data-day={day}
      data-state={state}
      data-chosen={chosen}
      tabIndex={reachable ? 0 : -1}
      title={words}
      aria-label={chosen ? `${words}, chosen` : words}
      aria-disabled={state === 'gap'}
    >
      <Shape name={state} />
      {failed && <Shape name="failed" />}
    </button>
  );
}

function dayOf(slot: Slot): string {
  return slot.kind === 'day' ? slot.status.day : slot.day;
}

function holds(group: Group, day: string | null): boolean {
  return group.kind === 'days' && group.slots.some((slot) => dayOf(slot) === day);
}

function newestOf(groups: readonly Group[]): string | null {
  const [group] = groups;
  const last = group?.kind === 'days' ? group.slots.at(-1) : undefined;
  return last === undefined ? null : dayOf(last);
}

function chosenIn(group: Group, chosen: ReadonlySet<string>): string {
  if (group.kind === 'void' || chosen.size === 0) return '';
  return group.slots
    .map(dayOf)
    .filter((day) => chosen.has(day))
    .join(' ');
}

/** The known days from one to the other, whichever is earlier. */
function between(days: readonly { readonly day: string }[], a: string, b: string): string[] {
  const ends = [a, b].map((end) => days.findIndex(({ day }) => day === end));
  return days.slice(Math.min(...ends), Math.max(...ends) + 1).map(({ day }) => day);
}
