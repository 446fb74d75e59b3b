/**
 * Every route under /v1 goes through the core's reconcile before it answers. Most control-plane calls do so
 * themselves; routes without such a call say `config: { reconcile: 'first' }`.
 */
import type { FastifyInstance } from 'fastify';
import type { ControlPlane } from '../core/control-plane.js';
import { ProblemError } from '../model/problems.js';
import { datasetOf } from './dataset-of.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly reconcile?: 'first';
  }
}

export const reconciledFirst = { config: { reconcile: 'first' } } as const;

export function reconcileFirst(app: FastifyInstance): void {
  app.addHook('preHandler', (request, _, done) => {
    if (request.routeOptions.config.reconcile !== 'first') return done();
    tolerantGlance(datasetOf(request).controlPlane).then(() => done(), done);
  });
}

/** Runs stay readable while the raw root is unavailable or the output is unreadable. */
async function tolerantGlance(controlPlane: ControlPlane): Promise<void> {
  try {
    await controlPlane.glance();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
  }
}
