import { expose } from 'comlink';
import { ModelPorter } from './model-porter.js';
import { Scorer } from './scorer.js';
import { Viewer } from './viewer.js';

expose({ scorer: new Scorer(), viewer: new Viewer(), porter: new ModelPorter() });
