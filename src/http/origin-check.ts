/**
 * The origin check, against cross-site request forgery and DNS rebinding. A web page that a person has open may send
 * requests from that person's browser to any address that the browser reaches. A request that it can send without a
 * preflight (a POST without a body) changes nothing here, and a foreign host name that resolves to this machine gives
 * no access.
 *
 *   tokens   looked at               refused where
 *   none     every request           `Host` is not this machine, or another origin asks
 *   some     what changes something  another origin asks: browsers add the token of Basic by themselves
 *
 * Links are followed: a page opened in its own tab can neither be changed nor read by the page that links to it. Clients
 * other than browsers send none of these headers, and are not affected.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isChange } from './change.js';
import { sendProblem } from './problem.js';

export function checkOrigins(app: FastifyInstance, hasTokens: boolean): void {
  const refusalOf = hasTokens ? refusalOfChange : refusalOfAny;
  app.addHook('onRequest', (request, reply, done) => {
    const detail = refusalOf(request);
    if (detail === null) return done();
    sendProblem(request, reply, { slug: 'cross-origin', detail });
  });
}

const fromAnotherPage = 'The request comes from a web page of another origin.';

function refusalOfAny(request: FastifyRequest): string | null {
  const { host } = request.headers;
  if (host !== undefined && !isThisMachine(host)) {
    return 'The request was sent to a name that is not localhost, and the service has no tokens.';
  }
  if (!isChange(request) && isOpenedByLink(request)) return null;
  return isForeign(request, [request.protocol]) ? fromAnotherPage : null;
}

function refusalOfChange(request: FastifyRequest): string | null {
  if (!isChange(request)) return null;
  // There may be a TLS proxy in front of the service.
  return isForeign(request, ['http', 'https']) ? fromAnotherPage : null;
}

/** Prefer the browser's own header, which no page can forge; older browsers send only the page's origin. */
function isForeign({ headers }: FastifyRequest, schemes: readonly string[]): boolean {
  const { host = '', origin, 'sec-fetch-site': site } = headers;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && !schemes.some((scheme) => origin === `${scheme}://${host}`);
}

/** In its own tab, not in a frame of the other page. */
function isOpenedByLink({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

/** `localhost`, `127.x.x.x` or `[::1]`: all that a service without tokens may be bound to. */
function isThisMachine(host: string): boolean {
  return /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?$/i.test(host);
}
