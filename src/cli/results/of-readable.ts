import type { ImageSource, ScoreResult } from 'salad-ad';
import { library } from '../frame/library.js';
import type { Scored } from './scored.js';

type Problem = NonNullable<ScoreResult['problems']>[number];

/**
 * Scores what can be read, where a set is refused for some of its images: detectors refuse one with an image that cannot be read, and every
 * model one with an image whose decoder is not installed.
 */
export async function ofReadable(
  images: ImageSource,
  score: (readable: ImageSource) => Promise<Scored>,
): Promise<Scored> {
  const { subset } = library('salad-ad/data');
  const problems: Problem[] = [];
  for (;;) {
    const unread = new Set(problems.map(({ index }) => index));
    const readable = Array.from(images.ids.keys()).filter((i) => !unread.has(i));
    if (readable.length === 0)
      return { ids: [], scores: new Float32Array(), indices: readable, problems };
    const some = unread.size > 0 ? subset(images, readable) : images;
    try {
      const found = await score(some);
      if (problems.length === 0) return found;
      const { indices = readable.keys(), problems: more = [] } = found;
      return {
        ...found,
        indices: Array.from(indices, (i) => readable[i]),
        problems: [
          ...problems,
          ...more.map((problem) => ({ ...problem, index: readable[problem.index] })),
        ],
      };
    } catch (error) {
      const refused = await refusedBy(error, some);
      if (refused.length === 0) throw error;
      for (const problem of refused) problems.push({ ...problem, index: readable[problem.index] });
    }
  }
}

/** The images that an error is about; none where it is about something else. */
async function refusedBy(error: unknown, images: ImageSource): Promise<readonly Problem[]> {
  const { code, details } = Object(error);
  if (code === 'IMAGE_UNREADABLE')
    return (details?.problems ?? []).map((problem: Problem) => ({
      ...problem,
      index: images.ids.indexOf(problem.id),
    }));
  const found: Problem[] = [];
  if (code !== 'MISSING_PEER') return found;
  for (const [index, id] of images.ids.entries())
    try {
      await images.read([index]);
    } catch (cause) {
      const { code, message } = Object(cause);
      if (code === 'MISSING_PEER')
        found.push({ index, id, code, message: message.replace(` [${code}]`, '') });
    }
  return found;
}
