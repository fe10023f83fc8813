import type { Remote } from 'comlink';
import { byId } from '../page/elements.js';
import type { FilmFacts, Viewer } from '../workers/viewer.js';
import type { Stage } from './stage.js';

/** Reads single pixels of the film as they are stored. */
export class Probe {
  private facts?: FilmFacts;
  private wanted?: { readonly x: number; readonly y: number };
  private isAsking = false;

  constructor(
    private readonly stage: Stage,
    private readonly viewer: Remote<Viewer>,
  ) {}

  begin(facts: FilmFacts): void {
    this.facts = facts;
    this.wanted = undefined;
    byId('probe').textContent = 'Point at a pixel to read it.';
  }

  /** @param at in pixels of the canvas */
  pointAt({ x, y }: { readonly x: number; readonly y: number }): void {
    const point = this.stage.filmPoint(x, y);
    this.ask(Math.floor(point.x), Math.floor(point.y));
  }

  /** Moves by pixels of the film, from its middle at first. */
  moveBy(dx: number, dy: number): void {
    if (!this.facts) return;
    const { width, height } = this.facts;
    const step = Math.max(1, Math.round(Math.max(width, height) / 64));
    const from = this.stage.cross ?? { x: Math.floor(width / 2), y: Math.floor(height / 2) };
    const kept = (value: number, size: number) => Math.min(size - 1, Math.max(0, value));
    this.ask(kept(from.x + step * dx, width), kept(from.y + step * dy, height));
  }

  private ask(x: number, y: number): void {
    if (!this.facts || x < 0 || y < 0 || x >= this.facts.width || y >= this.facts.height) return;
    this.stage.cross = { x, y };
    this.stage.draw();
    this.wanted = { x, y };
    if (!this.isAsking) void this.read();
  }

  /** The last place that was asked for; those in between need no answer. */
  private async read(): Promise<void> {
    this.isAsking = true;
    while (this.wanted) {
      const { x, y } = this.wanted;
      this.wanted = undefined;
      const values = await this.viewer.valueAt(x, y);
      const text = values.map((value) => Number(value.toFixed(4))).join(', ');
      byId('probe').textContent = `Column ${x}, row ${y}: ${text}`;
    }
    this.isAsking = false;
  }
}
