import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** The library from its source, by its public names, for a page that Vite builds: as one that installed it would write them. */
export const sourceAliases = [
  { find: '#encoder-weights', replacement: `${src}/encoders/browser-encoder-weights.ts` },
  { find: '#file-decoding', replacement: `${src}/data/browser-file-decoding.ts` },
  { find: /^salad-ad$/, replacement: `${src}/index.ts` },
  { find: /^salad-ad\/(.+)$/, replacement: `${src}/$1/index.ts` },
];
