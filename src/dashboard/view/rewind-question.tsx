import { useState } from 'preact/hooks';
import type { Rewind } from '../../client/types.js';
import { countOf, list } from '../../client/words.js';
import { rewindingOf, rewindTargets } from '../../model/rewind.js';
import { newKey } from '../store/actions.js';
import { useDashboard } from '../store/dashboard.js';
import { Modal } from './modal.js';
import { ProblemNote } from './problem-note.js';
import { RewindPreviewWords } from './rewind-preview.js';

interface Props {
  /** The initial choice; null for the newest day below the checkpoint. */
  readonly day: string | null;
  readonly onClose: () => void;
}

const everything = 'everything';

export function RewindQuestion({ day, onClose }: Props) {
  const [answer, setAnswer] = useState<Rewind | null>(null);
  return (
    <Modal title={answer === null ? 'Rewind' : 'Rewound'} onClose={onClose}>
      {answer === null ? (
        <Ask day={day} onAnswer={setAnswer} onClose={onClose} />
      ) : (
        <Answered answer={answer} onClose={onClose} />
      )}
    </Modal>
  );
}

interface AskProps extends Props {
  readonly onAnswer: (answer: Rewind | null) => void;
}

function Ask({ day, onAnswer, onClose }: AskProps) {
  const { facts, actions } = useDashboard();
  const days = facts.days.value?.days ?? [];
  const now = facts.checkpoint.value?.highest ?? null;
  const targets = rewindTargets(days, now);
  const [chosen, setChosen] = useState(day ?? targets[1] ?? everything);
  const target = chosen === everything ? null : chosen;
  const preview = rewindingOf(days, target);
  if (now === null) {
    return <p>There is no checkpoint to rewind: no day is processed.</p>;
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void actions.rewind(target).then(onAnswer);
      }}
    >
      <label class="field">
        Set the checkpoint to
        <select value={chosen} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
          {targets.map((each) => (
            <option key={each} value={each}>
              {each === now ? `${each} (as it is now)` : each}
            </option>
          ))}
          <option value={everything}>before the first day: process everything again</option>
        </select>
      </label>
      <RewindPreviewWords from={now} to={target} preview={preview} />
      <ProblemNote problem={actions.problem.value} />
      <div class="buttons">
        <button
          type="submit"
          class="danger"
          disabled={preview.marked.length === 0 || actions.busy.value}
        >
          {target === null ? 'Rewind everything' : `Rewind to ${target}`}
        </button>
        <button type="button" onClick={onClose}>
          Leave it
        </button>
      </div>
    </form>
  );
}

interface AnsweredProps {
  readonly answer: Rewind;
  readonly onClose: () => void;
}

function Answered({ answer: { day, marked, untouched }, onClose }: AnsweredProps) {
  const { actions } = useDashboard();
  const [key] = useState(newKey);
  const run = async () => {
    if ((await actions.start(key, { select: 'pending' })) !== null) onClose();
  };
  return (
    <>
      <p role="status">
        The checkpoint is {day ?? 'empty'} now. {countOf(marked.length, 'day')} will be made again
        by the next run: {list(marked)}.
      </p>
      {untouched.map((each) => (
        <p key={each.day}>
          Left as it is: {each.day}, because {each.reason}.
        </p>
      ))}
      <ProblemNote problem={actions.problem.value} />
      <div class="buttons">
        <button type="button" class="primary" onClick={() => void run()}>
          Run what is pending
        </button>
        <button type="button" onClick={onClose}>
          Later
        </button>
      </div>
    </>
  );
}
