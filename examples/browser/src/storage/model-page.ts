import type { FilmList } from '../films/film-list.js';
import type { Models } from './models.js';

export function open(_options: { readonly models: Models; readonly films: FilmList }): void {}
