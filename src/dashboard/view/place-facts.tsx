import type { Dataset } from '../../client/types.js';
import { CopiedText } from './copied-text.js';
import { Fact } from './fact.js';

/** Where a dataset comes from, and where it goes. */
export function PlaceFacts({ dataset }: { readonly dataset: Dataset }) {
  const { name, raw, output, checkpointKey } = dataset;
  return (
    <section class="place" aria-label={`Where ${name} lies`}>
      <dl>
        <div>
          <Fact name="Raw">
            <CopiedText name="where raw days lie" text={raw} />
          </Fact>
        </div>
        <div>
          <Fact name="Output">
            <CopiedText name="the path of the output" text={output} />
          </Fact>
        </div>
        {checkpointKey !== null && (
          <div>
            <Fact name="Redis key">
              <CopiedText name="the key in Redis" text={checkpointKey} />
            </Fact>
          </div>
        )}
      </dl>
    </section>
  );
}
