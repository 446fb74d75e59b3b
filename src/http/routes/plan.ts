/** /v1/plan: what a run would do now. */
import { plan } from '../../core/plan.js';
import type { DatasetRoutes } from '../app-options.js';
import { datasetOf } from '../dataset-of.js';
import { parseDayList } from '../day-input.js';
import { json, operation, reconcileProblems } from '../operation.js';
import { planQuery, planSchema } from '../schemas/plan.js';
import { invalidRequest } from '../validation.js';
import { viewPlan } from '../views/plan.js';

const getPlan = operation(
  {
    operationId: 'getPlan',
    tag: 'Runs',
    summary: 'Tell what a run would do',
    description:
      'The days that a run would process now, each with its reason, in pages; `total` sums up all of them. Nothing is aggregated.',
  },
  { querystring: planQuery },
  { answers: { 200: json('The plan.', planSchema) }, problems: reconcileProblems },
);

export const planRoutes: DatasetRoutes = async (app) => {
  app.get('/plan', { schema: getPlan }, async (request) => {
    const { query } = request;
    const { controlPlane } = datasetOf(request);
    const { layout } = controlPlane;
    if (query.select !== undefined && query.days !== undefined) {
      throw invalidRequest([{ at: 'select', message: 'cannot be given together with days' }]);
    }
    const days = parseDayList(layout, query.days);
    const select = days === null ? (query.select ?? 'pending') : 'days';
    // One survey for both, so that the plan and the checkpoint are consistent.
    const survey = await controlPlane.survey();
    const historyOf = controlPlane.lastRunOf.bind(controlPlane);
    const found = plan(layout, survey, { select, days });
    const { limit, cursor } = query;
    return viewPlan(layout, { select, limit, cursor }, found, survey, historyOf);
  });
};
