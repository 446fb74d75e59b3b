/** Which requests need an operate token, may not come from pages of other origins, and are audited. */
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A reading method that costs as much as a run. */
    readonly isCostly?: true;
  }
}

export const costly = { config: { isCostly: true } } as const;

const readingMethods = new Set(['GET', 'HEAD']);

export function isChange({ method, routeOptions }: FastifyRequest): boolean {
  return routeOptions.config?.isCostly === true || !readingMethods.has(method);
}
