// Serves the page from files that it stored on the first visit. LIST, LATER and VERSION are filled in when the page is built.
const LIST = '__LIST__';
/** Large files that few need: each is stored when it is fetched first. */
const LATER = '__LATER__';
const CACHE = 'salad-ad-__VERSION__';

addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(LIST))
      .then(() => skipWaiting()),
  );
});

addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => clients.claim()));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  event.respondWith(answer(event));
});

/** Files of earlier versions of the page. */
async function forgetOthers() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith('salad-ad-') && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
}

async function answer(event) {
  const { request } = event;
  const cache = await caches.open(CACHE);
  // A script asks with other headers than the one who stored it; what is stored is the same for all.
  const options = { ignoreSearch: request.mode === 'navigate', ignoreVary: true };
  const stored = await cache.match(request, options);
  if (stored) return stored;
  const response = await fetch(request);
  if (response.ok && LATER.some((name) => new URL(name, location.href).href === request.url))
    event.waitUntil(cache.put(request, response.clone()));
  return response;
}
