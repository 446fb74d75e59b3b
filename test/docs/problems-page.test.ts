import { expect, it } from 'vitest';
import { problemSlugs, problems } from '../../src/model/problems.js';

/** Written anew by `npm run docs`; an entry that changes without its page fails here. */
it('docs/PROBLEMS.md says what the registry says', async () => {
  const page = [
    '# Problems',
    '',
    'Every error is answered as `application/problem+json` (RFC 9457), with `type` `/problems/{slug}`, `title`,',
    '`status`, `detail`, `retryable`, `nextAction`, and where they help `runId`, `run` and `errors`. The service says',
    'what stands here under `/problems` and `/problems/{slug}`, without a token, as JSON and as pages. This page is made',
    'from the registry in `src/model/problems.ts` by `npm run docs`.',
    ...problemSlugs.flatMap((slug) => {
      const { status, title, retryable, when, nextAction } = problems[slug];
      return [
        '',
        `## ${slug}`,
        '',
        `**${status}** ${title}.${retryable ? ' The same request can succeed later.' : ''}`,
        '',
        `- When: ${when}`,
        `- What to do: ${nextAction}`,
      ];
    }),
    '',
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../docs/PROBLEMS.md');
});
