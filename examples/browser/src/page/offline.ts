import { byId } from './elements.js';

/** How long the page is left alone before it stores the rest of its files. */
const QUIET = 5000;

/**
 * Has all files of the page stored, so that it works without a network from then on.
 *
 * Not before it has been open for some seconds, or has scored: a visitor does not wait for what is stored for later.
 */
export function startOffline(): void {
  const { serviceWorker } = navigator;
  const told = (text: string) => {
    byId('offline').textContent = text;
  };
  if (!serviceWorker || import.meta.env.DEV) {
    told('This copy of the page is not stored for use without a network.');
    return;
  }
  if (serviceWorker.controller) told('Stored on this machine: works without a network.');
  setTimeout(() => {
    serviceWorker
      .register(new URL('service-worker.js', document.baseURI))
      .then(() => serviceWorker.ready)
      .then(() => told('Stored on this machine: works without a network.'))
      .catch((error) => told(`Not stored for use without a network: ${error.message}`));
  }, QUIET);
}
