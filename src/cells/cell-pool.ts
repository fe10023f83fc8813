import { RandomStream } from '../support/random.js';
import type { OriginalCells } from './original-cells.js';

/** Numbers that cells are held in while a bank is made of them: 128 MiB. */
const MOST_NUMBERS = 2 ** 25;

/**
 * Cells of images as they come, to make a bank of: all of them where they have room, else of every image as many as of any
 * other, drawn by the seed.
 */
export class CellPool {
  /** Cells of known anomalies, which the bank keeps away from; absent where there are none. */
  known?: CellPool;
  private readonly values: Float32Array;
  private readonly filmOf: Int32Array;
  private readonly placeOf: Int32Array;
  private size = 0;
  /** All cells that the images have, and those that have room. */
  private readonly all: number;
  private readonly room: number;

  /**
   * @param shape images, cells of an image, and numbers of a cell.
   * @param mostNumbers that are held at a time.
   */
  constructor(
    private readonly shape: {
      readonly films: number;
      readonly cells: number;
      readonly dim: number;
    },
    private readonly seed: number,
    mostNumbers = MOST_NUMBERS,
  ) {
    const { films, cells, dim } = shape;
    this.all = films * cells;
    this.room = Math.max(1, Math.min(this.all, Math.floor(mostNumbers / dim)));
    this.values = new Float32Array(this.room * dim);
    this.filmOf = new Int32Array(this.room);
    this.placeOf = new Int32Array(this.room);
  }

  /** [size * dim], the cells, one after the other. */
  get rows(): Float32Array {
    return this.values.subarray(0, this.size * this.shape.dim);
  }

  /** [size], which image each cell is of. */
  get films(): Int32Array {
    return this.filmOf.subarray(0, this.size);
  }

  /** [size], where in the grid each cell is, row by row. */
  get places(): Int32Array {
    return this.placeOf.subarray(0, this.size);
  }

  /** Numbers of a cell. */
  get dim(): number {
    return this.shape.dim;
  }

  /** The share of the cells that has room; 1 where all have. */
  get share(): number {
    return this.room / this.all;
  }

  /** Takes in the cells of image `film`, [cells * dim]. */
  add(film: number, cells: Float32Array): void {
    const { dim } = this.shape;
    for (const place of this.chosen(film)) {
      this.values.set(cells.subarray(place * dim, (place + 1) * dim), this.size * dim);
      this.filmOf[this.size] = film;
      this.placeOf[this.size] = place;
      this.size += 1;
    }
  }

  /** The cells that are held of one image, [n * dim]. */
  cellsOf(film: number): Float32Array {
    const first = this.films.indexOf(film);
    const end = this.films.lastIndexOf(film) + 1;
    return this.rows.subarray(first * this.dim, end * this.dim);
  }

  /** A copy of the cells of all other images. */
  without(films: ReadonlySet<number>): OriginalCells {
    const kept = [...this.films.keys()].filter((row) => !films.has(this.films[row]));
    const rows = new Float32Array(kept.length * this.dim);
    kept.forEach((row, i) => {
      rows.set(this.rows.subarray(row * this.dim, (row + 1) * this.dim), i * this.dim);
    });
    return {
      rows,
      dim: this.dim,
      films: kept.map((row) => this.films[row]),
      places: kept.map((row) => this.places[row]),
    };
  }

  /** Which cells of an image have room, in order. */
  private chosen(film: number): Int32Array {
    const { films, cells } = this.shape;
    // Shares of the room that differ by one at most, and sum to it.
    const end = (images: number) => Math.floor((images * this.room) / films);
    const count = end(film + 1) - end(film);
    if (count >= cells) return Int32Array.from({ length: cells }, (_, place) => place);
    const order = new RandomStream(this.seed, ['cells', film]).permutation(cells);
    return order.subarray(0, count).sort();
  }
}
