/** Where a film lies on its canvas. */
export interface Placement {
  /** Canvas pixels for one pixel of the film. */
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

const MOST_ZOOM = 32;

/** The film on its canvas: zoomed, moved, with its map over it. Sizes are in pixels of the canvas. */
export class Stage {
  film?: ImageBitmap;
  map?: ImageBitmap;
  opacity = 0.6;
  /** Where the cross of the probe is, in pixels of the film. */
  cross?: { readonly x: number; readonly y: number };
  private size = { width: 1, height: 1 };
  private mapArea = { left: 0, top: 0, width: 1, height: 1 };
  private zoom = 1;
  private centre = { x: 0.5, y: 0.5 };
  private isDrawing = false;

  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** Begins with another film, seen whole. @param isPadded the map covers a square around the film */
  begin(width: number, height: number, isPadded: boolean): void {
    this.size = { width, height };
    const side = Math.max(width, height);
    this.mapArea = isPadded
      ? { left: (width - side) / 2, top: (height - side) / 2, width: side, height: side }
      : { left: 0, top: 0, width, height };
    this.map = this.film = this.cross = undefined;
    this.whole();
  }

  /** The whole film again. */
  whole(): void {
    this.zoom = 1;
    this.centre = { x: 0.5, y: 0.5 };
    this.draw();
  }

  /** @param at what stays in place, in pixels of the canvas; absent: its middle */
  zoomBy(factor: number, at?: { readonly x: number; readonly y: number }): void {
    const before = at && this.filmPoint(at.x, at.y);
    this.zoom = Math.min(MOST_ZOOM, Math.max(1, this.zoom * factor));
    const after = at && this.filmPoint(at.x, at.y);
    if (before && after) this.moveCentre(before.x - after.x, before.y - after.y);
    else this.moveCentre(0, 0);
  }

  /** Moves the film by so many pixels of the canvas. */
  moveBy(dx: number, dy: number): void {
    const { scale } = this.placement();
    this.moveCentre(-dx / scale, -dy / scale);
  }

  /** The place in the film, in its pixels, that is at a place of the canvas; it may lie outside. */
  filmPoint(x: number, y: number): { x: number; y: number } {
    const { scale, left, top } = this.placement();
    return { x: (x - left) / scale, y: (y - top) / scale };
  }

  /** Draws with the next frame. */
  draw(): void {
    if (this.isDrawing) return;
    this.isDrawing = true;
    requestAnimationFrame(() => {
      this.isDrawing = false;
      this.drawNow();
    });
  }

  private moveCentre(dx: number, dy: number): void {
    const { width, height } = this.size;
    const kept = (value: number) => Math.min(1, Math.max(0, value));
    this.centre = { x: kept(this.centre.x + dx / width), y: kept(this.centre.y + dy / height) };
    this.draw();
  }

  private placement(): Placement {
    const { canvas, size, zoom, centre } = this;
    const scale = zoom * Math.min(canvas.width / size.width, canvas.height / size.height);
    return {
      scale,
      left: canvas.width / 2 - centre.x * size.width * scale,
      top: canvas.height / 2 - centre.y * size.height * scale,
    };
  }

  private drawNow(): void {
    const context = this.canvas.getContext('2d');
    if (!context) return;
    const { scale, left, top } = this.placement();
    const { width, height } = this.size;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(scale, 0, 0, scale, left, top);
    // Large pixels stay pixels, so that one can be pointed at.
    context.imageSmoothingEnabled = scale < 4;
    if (this.film) context.drawImage(this.film, 0, 0, width, height);
    if (this.map && this.opacity > 0) this.drawMap(context);
    if (this.cross) drawCross(context, this.cross, scale);
  }

  private drawMap(context: CanvasRenderingContext2D): void {
    const { left, top, width, height } = this.mapArea;
    context.save();
    context.beginPath();
    context.rect(0, 0, this.size.width, this.size.height);
    context.clip();
    context.globalAlpha = this.opacity;
    context.imageSmoothingEnabled = true;
    context.drawImage(this.map as ImageBitmap, left, top, width, height);
    context.restore();
  }
}

/** Seen on black and on white. */
function drawCross(context: CanvasRenderingContext2D, at: { x: number; y: number }, scale: number) {
  const [x, y, arm] = [Math.floor(at.x) + 0.5, Math.floor(at.y) + 0.5, 9 / scale];
  for (const [colour, width] of [
    ['#000', 4],
    ['#fff', 1.5],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width / scale;
    context.beginPath();
    context.moveTo(x - arm, y);
    context.lineTo(x + arm, y);
    context.moveTo(x, y - arm);
    context.lineTo(x, y + arm);
    context.stroke();
  }
}
