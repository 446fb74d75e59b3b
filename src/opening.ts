/**
 * Opening a dataset: its places are tried and its history is loaded. Of several datasets each is opened by itself, and
 * one that cannot be opened is tried again while the others work.
 */
import type { Logger } from 'pino';
import { hangIn } from './disk/waits.js';

export interface Opening {
  /** Once, and to its end: throws what keeps the dataset from being opened. */
  open(): Promise<void>;
  /** The same, and again until it succeeds. Never rejects; resolves after the first try. */
  keepOpening(): Promise<void>;
  /** Why the dataset cannot answer, as a sentence; null if it is open. */
  refusal(): string | null;
  /** No more tries. */
  giveUp(): void;
}

export interface OpeningOptions {
  readonly name: string;
  /** Folders that may hang. */
  readonly places: readonly string[];
  readonly logger: Pick<Logger, 'info' | 'error'>;
  /** May be called again after it has thrown. */
  open(): Promise<void>;
  /** For tests. */
  readonly againMs?: number;
}

const usualAgainMs = 5_000;

export function createOpening(options: OpeningOptions): Opening {
  const { name, places, logger, againMs = usualAgainMs } = options;
  let isOpen = false;
  /** Why the last try failed; null before its end. */
  let failure: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isGivenUp = false;

  const open = async () => {
    await options.open();
    isOpen = true;
  };

  const keepOpening = async () => {
    try {
      await open();
      if (failure !== null) logger.info('the dataset is open now');
    } catch (error) {
      const { message } = error as Error;
      if (message !== failure) {
        logger.error(
          { err: error },
          `the dataset cannot be opened, and is tried again: ${message}`,
        );
      }
      failure = message;
      if (!isGivenUp) timer = setTimeout(() => void keepOpening(), againMs).unref();
    }
  };

  return {
    open,
    keepOpening,
    refusal: () => {
      if (isOpen) return null;
      const why = hangIn(places) ?? failure ?? 'its folders have not responded yet';
      return `The dataset ${name} is not open: ${why.replace(/\.$/, '')}. It is retried automatically.`;
    },
    giveUp: () => {
      isGivenUp = true;
      clearTimeout(timer);
    },
  };
}
