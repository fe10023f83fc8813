import type { Remote } from 'comlink';
import { byId } from '../page/elements.js';
import type { FilmFacts, Viewer } from '../workers/viewer.js';
import type { Stage } from './stage.js';

/** Steps of a slider. */
const STEPS = 1000;

/** Which values are shown from black to white. */
export class WindowControls {
  private facts?: FilmFacts;
  private isStale = false;
  private isDrawing = false;
  private readonly level = byId<HTMLInputElement>('level');
  private readonly width = byId<HTMLInputElement>('width');

  constructor(
    private readonly stage: Stage,
    private readonly viewer: Remote<Viewer>,
  ) {
    for (const input of [this.level, this.width])
      input.addEventListener('input', () => void this.draw());
    byId('window-reset').addEventListener('click', () => void this.reset());
  }

  /** All values of a film. */
  async begin(facts: FilmFacts): Promise<void> {
    this.facts = facts;
    await this.reset();
  }

  private async reset(): Promise<void> {
    [this.level.value, this.width.value] = [String(STEPS / 2), String(STEPS)];
    await this.draw();
  }

  /** Draws until what is shown is what the sliders say. */
  private async draw(): Promise<void> {
    this.isStale = true;
    if (this.isDrawing || !this.facts) return;
    this.isDrawing = true;
    while (this.isStale) {
      this.isStale = false;
      const [low, high] = this.range(this.facts);
      const digits = this.facts.most <= 1 ? 2 : 0;
      byId('window-text').textContent =
        `Black ${low.toFixed(digits)}, white ${high.toFixed(digits)}`;
      const before = this.stage.film;
      this.stage.film = await this.viewer.picture(low, high);
      before?.close();
      this.stage.draw();
    }
    this.isDrawing = false;
  }

  private range({ least, most }: FilmFacts): [number, number] {
    const span = most - least;
    const level = least + (span * Number(this.level.value)) / STEPS;
    const half = (span * Math.max(1, Number(this.width.value))) / STEPS / 2;
    return [level - half, level + half];
  }
}
