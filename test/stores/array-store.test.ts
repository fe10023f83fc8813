import { alreadyThere, checkAdded } from '../../src/stores/check-store.js';
import { arrayStore } from './array-store.js';
import { describeStore } from './conformance.js';

// The suite on the plainest store there can be, so that what fails of another is that other.
describeStore('an array', {
  make: async () => {
    const store = arrayStore(16);
    return {
      ...store,
      async add(added) {
        checkAdded('add', added, 16);
        for (const id of Array.from(added.ids))
          if (store.stored.ids.includes(id)) throw alreadyThere('add', id);
        await store.add(added);
      },
    };
  },
  leastRecall: 1,
});
