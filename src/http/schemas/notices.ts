import { z } from 'zod';
import { noticeCodes } from '../../model/notice.js';
import { type Answer, component } from './values.js';

export const noticeSchema = component(
  'Notice',
  'What a person should know, though nothing failed.',
  z.strictObject({
    code: z.enum(noticeCodes).describe('Of what kind it is; stable.'),
    message: z.string().describe('What happened, where, and what to do.'),
  }),
);

export const noticesSchema = z
  .array(noticeSchema)
  .describe('What a person should know, as of this look; empty almost always.');

export type NoticeAnswer = Answer<typeof noticeSchema>;
