// Serves the page from files that it stored on the first visit. LIST and VERSION are filled in when the page is built.
const LIST = '__LIST__';
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
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names.filter((name) => name.startsWith('salad-ad-') && name !== CACHE).map((name) => caches.delete(name)),
        ),
      )
      .then(() => clients.claim()),
  );
});

addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  // A script asks with other headers than the one who stored it; what is stored is the same for all.
  const options = { ignoreSearch: request.mode === 'navigate', ignoreVary: true };
  event.respondWith(
    caches
      .open(CACHE)
      .then((cache) => cache.match(request, options))
      .then((stored) => stored ?? fetch(request)),
  );
});
