import { useDashboard } from '../store/dashboard.js';
import { CancelQuestion } from './cancel-question.js';
import { RewindQuestion } from './rewind-question.js';
import { RunQuestion } from './run-question.js';

/** The dialogs before an action. */
export function Questions() {
  const { question, actions } = useDashboard();
  const asked = question.value;
  const close = () => {
    question.value = null;
    actions.problem.value = null;
  };
  switch (asked?.kind) {
    case undefined:
      return null;
    case 'run':
      return <RunQuestion days={asked.days} dryRun={asked.dryRun} onClose={close} />;
    case 'rewind':
      return <RewindQuestion day={asked.day} onClose={close} />;
    case 'cancel':
      return <CancelQuestion runId={asked.runId} onClose={close} />;
    default:
      return asked satisfies never;
  }
}
