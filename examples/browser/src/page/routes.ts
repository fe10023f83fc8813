import { byId } from './elements.js';
import { say } from './speak.js';

const PAGES = ['films', 'training', 'model'] as const;
export type Page = (typeof PAGES)[number];

/** Shows the page that the address names, and prepares one when it is opened first. */
export function startRoutes(prepare: Readonly<Partial<Record<Page, () => void>>>): void {
  const prepared = new Set<Page>();
  const show = () => {
    const page = PAGES.find((name) => location.hash === `#${name}`) ?? 'films';
    if (!prepared.has(page)) prepare[page]?.();
    prepared.add(page);
    for (const name of PAGES) {
      byId(`page-${name}`).hidden = name !== page;
      const link = document.querySelector(`nav a[href="#${name}"]`);
      if (name === page) link?.setAttribute('aria-current', 'page');
      else link?.removeAttribute('aria-current');
    }
  };
  addEventListener('hashchange', show);
  // What was told on one page is not about the next.
  for (const link of document.querySelectorAll('nav a'))
    link.addEventListener('click', () => say(''));
  show();
}
