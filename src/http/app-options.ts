import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Certificate } from '../config/pem-files.js';
import type { TokenSets } from '../config/tokens.js';
import type { ControlPlane } from '../core/control-plane.js';
import type { EngineChoice } from '../model/engine.js';
import type { EventStreamSettings, EventStreams } from './event-streams.js';
import type { PressureBounds } from './pressure.js';
import type { RateLimits } from './rate-limits.js';

export interface ReadinessCheck {
  readonly name: string;
  /** Where there are several. */
  readonly dataset?: string;
  /** `degraded`: something is wrong that fails no request. */
  readonly status: 'ok' | 'degraded' | 'failed';
  /** A sentence for people. */
  readonly detail: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly ReadinessCheck[];
}

export interface HttpMetrics {
  readonly contentType: string;
  /** Everything measured, in the text format of Prometheus. */
  render(): Promise<string>;
  /** `route` is the pattern that matched, never the path. */
  requestFinished(request: {
    readonly route: string;
    readonly method: string;
    readonly status: number;
    readonly durationSeconds: number;
  }): void;
}

export interface ServedDataset {
  readonly name: string;
  readonly raw: string;
  readonly outputFile: string;
  /** Null: a file beside the output. */
  readonly checkpointKey: string | null;
  readonly controlPlane: ControlPlane;
  /** For requests that name no engine. */
  readonly defaultEngine: EngineChoice;
  /** The name that a downloaded output gets. */
  readonly outputName: string;
  /** Why it cannot answer, as a sentence; null if it can. */
  refusal(): string | null;
}

export interface AppOptions {
  /** The first answers at the short routes, too. */
  readonly datasets: readonly [ServedDataset, ...ServedDataset[]];
  readonly logger: FastifyBaseLogger;
  readonly metrics: HttpMetrics;
  /** Puts each request into a trace; none by default. */
  readonly traceRequests?: (app: FastifyInstance) => void;
  /** Where the audit is written. */
  readonly auditLogger: FastifyBaseLogger;
  /** Null: the service is open, and listens on loopback only. */
  readonly tokens: TokenSets | null;
  /** They apply only when tokens are set: otherwise every caller is on this machine. */
  readonly rateLimits: RateLimits;
  readonly pressureBounds: PressureBounds;
  /** Null: plain HTTP. */
  readonly certificate: Certificate | null;
  /** Proxies that are trusted to report the caller's address. */
  readonly trustProxy: readonly string[];
  /** Must not throw. */
  readonly readiness: () => Promise<Readiness>;
  /** Of Daymark, for the OpenAPI document. */
  readonly version: string;
  readonly eventStreams: EventStreamSettings;
}

export type Routes = FastifyPluginAsyncZod<AppOptions>;

/** Of a dataset; `datasetOf` says which one a request is about. */
export type DatasetRoutes = FastifyPluginAsyncZod<{ readonly streams: EventStreams }>;
