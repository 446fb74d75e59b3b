import { fractionOf } from '../../client/progress.js';
import type { Progress } from '../../client/types.js';
import { progressWords } from '../model/progress.js';

export function ProgressBar({ progress }: { readonly progress: Progress | null }) {
  const fraction = progress === null ? null : fractionOf(progress);
  return (
    <div class="progress">
      <progress
        aria-label="Progress of the run"
        {...(fraction === null ? {} : { value: fraction, max: 1 })}
      />
      <span>{progress === null ? 'Waiting for its turn' : progressWords(progress)}</span>
    </div>
  );
}
