import { preprocessXray } from '../../src/preprocessing/index.js';
import { drawnFilm } from '../support/drawn-films.js';

declare global {
  /** A drawn film made ready in the page, OpenCV taken in by the bundler. */
  var preprocessInPage: () => Promise<unknown>;
}

globalThis.preprocessInPage = async () => {
  const { shape, quality } = await preprocessXray({ size: 128, inversion: { turn: true } })(
    drawnFilm('hand', 'film inverted', 1, 256).image,
  );
  return { shape, quality };
};
