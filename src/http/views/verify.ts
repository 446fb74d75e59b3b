import type { Run } from '../../model/run.js';
import { type DayVerdict, isWrong, verdicts } from '../../model/verdict.js';
import type { VerifyAnswer } from '../schemas/verify.js';
import { countKinds } from './count-kinds.js';

export function viewVerify({ id, warnings }: Run, days: readonly DayVerdict[]): VerifyAnswer {
  const counts = countKinds(
    verdicts,
    days.map(({ verdict }) => verdict),
  );
  return { ok: !days.some(isWrong), runId: id, counts, warnings, days };
}
