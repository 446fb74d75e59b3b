import { useEffect, useRef, useState } from 'preact/hooks';
import type { Plan, RunWish } from '../../client/types.js';
import { parseDayRange, writeDayRange } from '../model/day-range.js';
import { type Problem, problemFrom } from '../model/problem.js';
import { newKey } from '../store/actions.js';
import { useDashboard } from '../store/dashboard.js';
import { Modal } from './modal.js';
import { PlanPreview } from './plan-preview.js';
import { ProblemNote } from './problem-note.js';

interface Props {
  /** The initial choice; null for the pending days. */
  readonly days: readonly string[] | null;
  readonly dryRun: boolean;
  readonly onClose: () => void;
}

type Selection = 'pending' | 'days' | 'all';

const selections: readonly { readonly value: Selection; readonly words: string }[] = [
  { value: 'pending', words: 'All that is pending' },
  { value: 'days', words: 'These days, whatever their state' },
  { value: 'all', words: 'Every day that has raw files, processed again' },
];

export function RunQuestion(props: Props) {
  const { facts, actions, places } = useDashboard();
  const known = facts.days.value?.days ?? [];
  const [selection, setSelection] = useState<Selection>(props.days === null ? 'pending' : 'days');
  const [text, setText] = useState(() => writeDayRange(new Set(props.days), known));
  const [dryRun, setDryRun] = useState(props.dryRun);
  const range = selection === 'days' ? parseDayRange(text, known) : null;
  const mistake = range?.kind === 'mistake' ? range.sentence : null;
  const wish: RunWish | null =
    selection !== 'days'
      ? { select: selection, dryRun }
      : range?.kind === 'days'
        ? { days: range.days, dryRun }
        : null;
  const keyFor = useWishKey();

  const start = async () => {
    if (wish === null) return;
    const run = await actions.start(keyFor(wish), wish);
    if (run === null) return;
    props.onClose();
    if (dryRun) places.go({ kind: 'run', id: run.id });
    else if (places.open.value?.kind === 'run') places.go(null);
  };

  return (
    <Modal title={dryRun ? 'Dry run' : 'Run days'} onClose={props.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <fieldset>
          <legend>Which days?</legend>
          {selections.map(({ value, words }) => (
            <label key={value} class="choice">
              <input
                type="radio"
                name="selection"
                checked={selection === value}
                onChange={() => setSelection(value)}
              />
              {words}
            </label>
          ))}
        </fieldset>
        {selection === 'days' && <DaysField text={text} mistake={mistake} onText={setText} />}
        <label class="choice">
          <input
            type="checkbox"
            checked={dryRun}
            onChange={({ currentTarget }) => setDryRun(currentTarget.checked)}
          />
          Dry run: show what would change, and change nothing
        </label>
        <WishedPlan wish={wish} />
        <ProblemNote problem={actions.problem.value} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={wish === null || actions.busy.value}>
            {dryRun ? 'Start the dry run' : 'Start the run'}
          </button>
          <button type="button" onClick={props.onClose}>
            Leave it
          </button>
        </div>
      </form>
    </Modal>
  );
}

/** One key for each intent, however often it is sent. */
function useWishKey(): (wish: RunWish) => string {
  const keys = useRef(new Map<string, string>());
  return (wish) => {
    const text = JSON.stringify(wish);
    const key = keys.current.get(text) ?? newKey();
    keys.current.set(text, key);
    return key;
  };
}

interface FieldProps {
  readonly text: string;
  readonly mistake: string | null;
  readonly onText: (text: string) => void;
}

function DaysField({ text, mistake, onText }: FieldProps) {
  return (
    <div class="field">
      <label for="run-days">Days</label>
      <input
        id="run-days"
        class="code"
        value={text}
        spellcheck={false}
        autocomplete="off"
        aria-describedby="run-days-hint"
        aria-invalid={mistake !== null}
        onInput={({ currentTarget }) => onText(currentTarget.value)}
      />
      <span id="run-days-hint" class={mistake === null || text === '' ? 'hint' : 'mistake'}>
        {mistake === null || text === ''
          ? 'Separated by commas; FIRST..LAST for a range.'
          : mistake}
      </span>
    </div>
  );
}

const typingMs = 250;

/** What the run would process if it began now, from the service's plan. */
function WishedPlan({ wish }: { readonly wish: RunWish | null }) {
  const { session } = useDashboard();
  const [found, setFound] = useState<Plan | Problem | null>(null);
  useEffect(() => {
    setFound(null);
    if (wish === null) return undefined;
    let current = true;
    const take = (answer: Plan | Problem) => current && setFound(answer);
    const timer = setTimeout(() => {
      session.client.plan(wish, 100).then(take, (error: unknown) => take(problemFrom(error)));
    }, typingMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [JSON.stringify(wish?.days ?? wish?.select), session.token.value]);
  if (wish === null) return null;
  if (found === null) return <p class="hint plan">Checking what it would process…</p>;
  return 'nextAction' in found ? <ProblemNote problem={found} /> : <PlanPreview plan={found} />;
}
