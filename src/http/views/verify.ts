import type { Run } from '../../model/run.js';
import { type DayVerdict, isWrong, verdicts } from '../../model/verdict.js';
import type { VerifyAnswer } from '../schemas/verify.js';
import { countKinds } from './count-kinds.js';
import { itemsIn } from './items.js';
import { viewDifference } from './run.js';

export function viewVerify({ id, warnings }: Run, days: readonly DayVerdict[]): VerifyAnswer {
  const counts = countKinds(
    verdicts,
    days.map(({ verdict }) => verdict),
  );
  return { ok: !days.some(isWrong), runId: id, counts, warnings, days: days.map(viewVerdict) };
}

function viewVerdict({ totals, difference, ...verdict }: DayVerdict): VerifyAnswer['days'][number] {
  const { output, raw } = totals;
  const items = { output: itemsIn(output), raw: raw && itemsIn(raw) };
  return { ...verdict, items, difference: difference && viewDifference(difference) };
}
