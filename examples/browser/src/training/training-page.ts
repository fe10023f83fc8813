import type { Models } from '../storage/models.js';

export function open(_models: Models): void {}
