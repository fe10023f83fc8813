import { expose } from 'comlink';
import { Scorer } from './scorer.js';
import { Viewer } from './viewer.js';

expose({ scorer: new Scorer(), viewer: new Viewer() });
