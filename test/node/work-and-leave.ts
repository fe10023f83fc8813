// Works on threads and ends without stopping them: node --import tsx work-and-leave.ts <folder>
import { arraySource } from '../../src/index.js';
import { fileSystem, imagePool, scoringPool } from '../../src/node/index.js';

const pool = await scoringPool(fileSystem(process.argv[2]), {
  backend: '@tensorflow/tfjs-backend-wasm',
  concurrency: 2,
});
const images = arraySource({ pixels: new Uint8Array(3 * 64), shape: [8, 8, 1] });
const { scores } = await pool.score(images);
const { concurrency } = await imagePool({ concurrency: 1 });
console.log(`${scores.length} scores, ${concurrency} thread`);
