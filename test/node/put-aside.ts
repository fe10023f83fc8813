// A process that puts the files of a folder aside, bundled: node --import kill-after.mjs put-aside.mjs root copy id...
import { quarantine } from '../../src/node/quarantine.js';

const [root, copy, ...ids] = process.argv.slice(2);
const put = quarantine({ root, copy: copy === 'copy' });
for (const [index, id] of ids.entries())
  console.log(await put({ index, id, code: 'IMAGE_INVALID', message: 'torn' }));
