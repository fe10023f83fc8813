import { type Call, Recorder, wordsOf, write } from './recorder.js';
import { Team } from './team.js';
import { mayWait, threadsAskedFor } from './thread-count.js';

/** Memory of all threads for the time of a run: its place, and a view of so many numbers. */
export type Room = (words: number) => { readonly place: number; readonly view: Float64Array };

/** The threads of a memory that can be shared: as many as were asked for last, started when there is work for them. */
export class Threads<Exports extends object> {
  private readonly recorder: Recorder<Exports>;
  private team: Team | undefined;
  private readonly allowed = mayWait();

  constructor(
    private readonly module: WebAssembly.Module,
    private readonly memory: WebAssembly.Memory,
    private readonly functions: Exports,
  ) {
    this.recorder = new Recorder(functions);
  }

  /** How many there are from now on: where others were asked for meanwhile, those that run end. */
  count(): number {
    const count = this.allowed ? threadsAskedFor() : 1;
    if (this.team && this.team.size !== count) this.stop();
    return count;
  }

  /** Whether one that the last run gave up may still be at its job. */
  get unsure(): boolean {
    return this.team?.unsure ?? false;
  }

  /** The calls that `use` makes, of the functions that it is given. */
  record(use: (functions: Exports) => void): Call[] {
    return this.recorder.record(() => use(this.recorder.functions));
  }

  /**
   * Does jobs, which touch nothing that another one writes.
   *
   * @throws THREAD_ENDED
   */
  run(jobs: readonly Call[][], room: Room): void {
    const { place, view } = room(wordsOf(jobs));
    write(jobs, view);
    this.team ??= new Team(this.count(), this.module, this.memory, this.functions);
    this.team.run(jobs, place, view.length);
  }

  /** Ends them. */
  stop(): void {
    this.team?.stop();
    this.team = undefined;
  }
}
