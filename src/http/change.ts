/** Which requests only an operate token opens, pages of other origins may not send, and the audit tells of. */
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A reading method that costs what a run costs. */
    readonly isCostly?: true;
  }
}

export const costly = { config: { isCostly: true } } as const;

const readingMethods = new Set(['GET', 'HEAD']);

export function isChange({ method, routeOptions }: FastifyRequest): boolean {
  return routeOptions.config?.isCostly === true || !readingMethods.has(method);
}
