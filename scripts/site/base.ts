/**
 * Where on its host the site is: `SALAD_AD_BASE`, with a slash at either end whether or not that was given.
 *
 * @param given such as 'salad-ad' or '/docs/salad-ad/'; empty for a host of its own
 */
export function baseOf(given = ''): string {
  const path = given.replace(/^\/+|\/+$/g, '');
  return path ? `/${path}/` : '/';
}

export const base = baseOf(process.env.SALAD_AD_BASE);
