/** Attributes of spans, in the terms of the API. */
import type { Attributes } from '@opentelemetry/api';
import type { Survey } from '../../core/survey.js';
import type { Run, RunDay } from '../../model/run.js';
import type { Totals } from '../../model/totals.js';

export function surveyAttributes({ checkpoint, days, output, repaired }: Survey): Attributes {
  return {
    'daymark.checkpoint.reading': checkpoint.reading,
    'daymark.checkpoint.repaired': repaired,
    'daymark.commit.version': output.version,
    'daymark.days.known': days.length,
  };
}

export function runAttributes(run: Run): Attributes {
  const { id, key, attempt, status, request, commit, days } = run;
  return {
    'daymark.run.id': id,
    'daymark.run.attempt': attempt,
    'daymark.run.status': status,
    'daymark.run.select': request.select,
    'daymark.run.dry_run': request.dryRun,
    'daymark.run.engine': request.engine,
    'daymark.run.days': days.length,
    ...(key === null ? {} : { 'daymark.run.key': key }),
    ...(commit === null ? {} : { 'daymark.commit.version': commit }),
  };
}

export function dayAttributes({ id }: Run, day: RunDay): Attributes {
  const { error, records } = day;
  return {
    'daymark.run.id': id,
    'daymark.day': day.day,
    'daymark.day.state': day.state,
    'daymark.day.outcome': day.outcome,
    'daymark.day.rows': day.rows,
    ...totalsOf(day.totals),
    'daymark.day.bytes': day.bytes,
    ...(records === null ? {} : { 'daymark.day.records': records }),
    ...(error === undefined ? {} : { 'error.type': error.code }),
  };
}

function totalsOf(totals: Totals): Attributes {
  return Object.fromEntries(
    Object.entries(totals).map(([name, total]) => [`daymark.day.totals.${name}`, total]),
  );
}
