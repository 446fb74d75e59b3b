import { useDashboard } from '../store/dashboard.js';
import { Modal } from './modal.js';
import { ProblemNote } from './problem-note.js';

interface Props {
  readonly runId: string;
  readonly onClose: () => void;
}

export function CancelQuestion({ runId, onClose }: Props) {
  const { actions } = useDashboard();
  const cancel = async () => {
    const run = await actions.cancel(runId);
    if (run !== null) onClose();
  };
  return (
    <Modal title="Cancel this run?" onClose={onClose}>
      <p>
        It stops before it commits: the output stays as it is, and its days stay pending. If it has
        committed by then, it finishes instead.
      </p>
      <ProblemNote problem={actions.problem.value} />
      <div class="buttons">
        <button
          type="button"
          class="danger"
          disabled={actions.busy.value}
          onClick={() => void cancel()}
        >
          Cancel the run
        </button>
        <button type="button" onClick={onClose}>
          Let it run
        </button>
      </div>
    </Modal>
  );
}
