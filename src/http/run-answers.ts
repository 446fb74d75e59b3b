/** How a run that was just asked for is answered with. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Submission } from '../core/control-plane.js';
import { hasEnded, type Run } from '../core/run.js';
import { sendProblem } from './problem.js';
import { viewRun } from './views/run.js';
import { failureOf } from './views/run-failure.js';
import type { WaitWish } from './wait.js';
import type { WaitingRoom } from './waiting-room.js';

/** Seconds after which a poller may ask again. */
export const pollSeconds = 1;

export async function answerSubmission(
  request: FastifyRequest,
  reply: FastifyReply,
  { run, replayed }: Submission,
  wish: WaitWish | null,
  waitingRoom: WaitingRoom,
) {
  reply.header('location', `/v1/runs/${run.id}`);
  if (replayed) return reply.header('idempotency-replayed', 'true').send(viewRun(run));
  if (wish === null) return answerActive(reply, run);

  const waited = await waitAsWished(reply, run.id, wish, waitingRoom);
  if (!hasEnded(waited)) return answerActive(reply, waited);
  if (waited.status === 'succeeded') return reply.send(viewRun(waited));
  return sendProblem(request, reply, failureOf(waited));
}

export function waitAsWished(
  reply: FastifyReply,
  runId: string,
  { seconds, applied }: WaitWish,
  waitingRoom: WaitingRoom,
): Promise<Run> {
  if (applied !== null) reply.header('preference-applied', applied);
  return waitingRoom.wait(runId, seconds, reply);
}

function answerActive(reply: FastifyReply, run: Run) {
  return reply.code(202).header('retry-after', String(pollSeconds)).send(viewRun(run));
}
