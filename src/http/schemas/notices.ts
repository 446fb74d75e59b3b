import { z } from 'zod';
import { noticeCodes } from '../../model/notice.js';
import { type Answer, component } from './values.js';

export const noticeSchema = component(
  'Notice',
  'Something that people should know, although nothing failed.',
  z.strictObject({
    code: z.enum(noticeCodes).describe('The kind of notice; stable.'),
    message: z.string().describe('What happened, where, and what to do.'),
  }),
);

export const noticesSchema = z
  .array(noticeSchema)
  .describe('What people should know, as of this request; almost always empty.');

export type NoticeAnswer = Answer<typeof noticeSchema>;
