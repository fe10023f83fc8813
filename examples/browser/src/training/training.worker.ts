import { expose } from 'comlink';
import { TrainingThread } from './trainer.js';

expose(new TrainingThread());
