import { describe, expect, it } from 'vitest';
import { chartsOf } from '../bench/docs/charts.js';
import { pageOf } from '../bench/docs/page.js';
import { readResults } from '../bench/results.js';

/** Both are written anew by `npm run bench:docs`; a figure that the bench did not measure fails here. */
describe('docs/PERFORMANCE.md', async () => {
  const results = await readResults('docs/performance');

  it('says what the committed results say', async () => {
    await expect(pageOf(results)).toMatchFileSnapshot('../../docs/PERFORMANCE.md');
  });

  it.each([...chartsOf(results)])('shows them in %s', async (name, svg) => {
    await expect(svg).toMatchFileSnapshot(`../../docs/images/${name}`);
  });
});
