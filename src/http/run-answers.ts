/** The answer to a request for a run. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Submission } from '../core/control-plane.js';
import { hasEnded, type Run, seenAs } from '../model/run.js';
import { basePathOf, datasetOf } from './dataset-of.js';
import type { WaitWish } from './prefer-wait.js';
import { sendProblem } from './problem.js';
import { viewRun } from './views/run.js';
import { failureOf } from './views/run-failure.js';

/** Seconds after which a poller may ask again. */
export const pollSeconds = 1;

export async function answerSubmission(
  request: FastifyRequest,
  reply: FastifyReply,
  { run, replayed, warning }: Submission,
  wish: WaitWish | null,
) {
  reply.header('location', `${basePathOf(request)}/runs/${run.id}`);
  if (replayed) return reply.header('idempotency-replayed', 'true').send(viewRun(run));
  const toldOf = (told: Run): Run =>
    warning === undefined ? told : { ...told, warnings: [...told.warnings, warning] };
  if (wish === null) return answerActive(reply, toldOf(run));

  const waited = toldOf(await waitAsWished(request, reply, run, wish));
  if (!hasEnded(waited)) return answerActive(reply, waited);
  if (waited.status === 'succeeded') return reply.send(viewRun(waited));
  return sendProblem(request, reply, failureOf(waited));
}

/** The run, after the wait if there is one, as seen by the key under which `run` was found. */
export async function waitAsWished(
  request: FastifyRequest,
  reply: FastifyReply,
  run: Run,
  wish: WaitWish | null,
): Promise<Run> {
  if (wish === null) return run;
  const { seconds, applied } = wish;
  if (applied !== null) reply.header('preference-applied', applied);
  return seenAs(await datasetOf(request).longPolls.wait(run.id, seconds, reply), run);
}

export function answerActive(reply: FastifyReply, run: Run) {
  return reply.code(202).header('retry-after', String(pollSeconds)).send(viewRun(run));
}
