/**
 * Authentication: callers show a token, as `Authorization: Bearer TOKEN`, or as the password of Basic (which
 * Airflow's connections and browsers speak). A read token allows reading, an operate token everything. Without tokens
 * the service listens on loopback only, and is open.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { NamedToken, TokenKind, TokenSets } from '../config/tokens.js';
import { ProblemError } from '../model/problems.js';
import type { AuditLog } from './audit.js';
import { isChange } from './change.js';
import { sendProblem } from './problem.js';
import { createTally, tooMany } from './rate-limits.js';

export interface Caller {
  /** Of the token. */
  readonly name: string;
  readonly kind: TokenKind;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null if the request has no valid token. */
    caller: Caller | null;
  }
}

interface AuthenticationOptions {
  /** Null: the service is open. */
  readonly tokens: TokenSets | null;
  readonly wrongTokensPerMinute: number;
  readonly audit: AuditLog;
}

/**
 * Liveness stays open: an orchestrator that cannot log in must not restart a healthy service. So do the
 * dashboard, which holds no data of its own and asks for a token, and the explanations of problem types.
 */
const openPath = /^\/(health\/live|assets\/.*|problems(\/:slug)?)?$/;

export function requireTokens(app: FastifyInstance, options: AuthenticationOptions): void {
  app.decorateRequest('caller', null);
  const { tokens, wrongTokensPerMinute, audit } = options;
  if (tokens === null) return;
  const callerOf = createKeyring(tokens);
  const wrongTokens = createTally(app, wrongTokensPerMinute);

  /** Each is audited until there are too many, so that guessing cannot fill the log. */
  const refuseWrongToken = async (request: FastifyRequest, reply: FastifyReply) => {
    const waitSeconds = await wrongTokens.count(request);
    if (waitSeconds !== null) throw tooMany('wrong tokens', wrongTokensPerMinute, waitSeconds);
    audit.loginFailed(request);
    return demandToken(request, reply, 'The token is not one of ours.');
  };

  app.addHook('onRequest', (request, reply, done) => {
    const shown = tokenOf(request.headers.authorization);
    request.caller = shown === null ? null : callerOf(shown);
    if (isOpen(request)) return done();
    if (shown === null) return void demandToken(request, reply, 'The request has no token.');
    if (request.caller === null) return void refuseWrongToken(request, reply).catch(done);
    if (request.caller.kind === 'operate' || !isChange(request)) return done();
    done(
      new ProblemError(
        'forbidden',
        'A read token cannot change anything, or start anything that costs as much as a run.',
      ),
    );
  });
}

function isOpen({ routeOptions }: FastifyRequest): boolean {
  return openPath.test(routeOptions.url ?? 'none');
}

/** Every token is compared, in constant time, so that the time reveals nothing. */
function createKeyring(tokens: TokenSets): (shown: string) => Caller | null {
  const keyOf = (kind: TokenKind) => (each: NamedToken) => ({
    caller: { name: each.name, kind },
    expected: digest(each.token),
  });
  const keys = [...tokens.operate.map(keyOf('operate')), ...tokens.read.map(keyOf('read'))];
  return (shown) => {
    const seen = digest(shown);
    const fitting = keys.filter(({ expected }) => timingSafeEqual(seen, expected));
    return fitting[0]?.caller ?? null;
  };
}

/** Digests have one length, which is what `timingSafeEqual` needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function demandToken(request: FastifyRequest, reply: FastifyReply, detail: string) {
  reply.header('www-authenticate', challengeFor(request));
  return sendProblem(request, reply, { slug: 'unauthorized', detail });
}

const bearer = 'Bearer realm="Daymark"';
const basic = 'Basic realm="Daymark", charset="UTF-8"';

/** A page that uses fetch asks for the token itself; offered Basic, the browser would show its own prompt. */
function challengeFor({ headers }: FastifyRequest): string {
  const isFetch = headers['sec-fetch-dest'] === 'empty';
  const speaksBearer = /^bearer\b/i.test(headers.authorization ?? '');
  return isFetch || speaksBearer ? bearer : `${bearer}, ${basic}`;
}

/** Null if there is no token. The user name of Basic does not matter. */
function tokenOf(header: string | undefined): string | null {
  const [, scheme = '', value = ''] = /^(Bearer|Basic) +(\S+)$/i.exec(header ?? '') ?? [];
  if (scheme === '') return null;
  if (scheme.toLowerCase() === 'bearer') return value;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? null : pair.slice(colon + 1);
}
