/**
 * Evidence against exchangeability: a mixture of betting martingales, each begun again at every film.
 *
 * A bet turns a p-value into a factor whose mean is 1 where p is uniform on (0, 1). Eleven bets run side by side:
 *
 *     power, low p     eps p^(eps - 1)              eps = .1, .3, .5, .7, .9      weight 1/15 each
 *     power, high p    eps (1 - p)^(eps - 1)        the same                      weight 1/15 each
 *     jumper           sum_k w_k (1 + k (p - .5))   k = -1, 0, 1, jump .01        weight 1/3
 *
 * The evidence of one bet is sum over t of pi_t f_t ... f_n + (1 - pi_1 - ... - pi_n), pi_t = 1 / (t (t + 1)): part of the stake waits for each
 * film, so that a change after many quiet films is found too. Where the p-values are independent and uniform, each bet, and so their mean, is a
 * martingale that begins at 1, and by Ville it ever reaches 1 / a with a probability of at most a.
 *
 * @see Vovk, Gammerman, Shafer: Algorithmic Learning in a Random World, 2nd edition 2022, chapter 8; Vovk et al., "Retrain or not retrain:
 * conformal test martingales for change-point detection", COPA 2021 (the simple jumper); `MixtureMartingale` of nonconform 2.0.
 */
export class Evidence {
  private constructor(
    private step: number,
    /** [bets], logarithm of what each has won of the stakes that are placed. */
    private readonly placed: number[],
    /** [3], how the jumper's capital lies; sums to 1. */
    private readonly jumper: number[],
    private most: number,
    private now: number,
  ) {}

  /** Evidence of no film. */
  static none(): Evidence {
    return new Evidence(
      0,
      bets.map(() => 0),
      [1 / 3, 1 / 3, 1 / 3],
      0,
      0,
    );
  }

  /** @param state as `toJSON` gives it */
  static from({ step, placed, jumper, most, now }: EvidenceState): Evidence {
    return new Evidence(step, [...placed], [...jumper], most, now);
  }

  toJSON(): EvidenceState {
    const { step, placed, jumper, most, now } = this;
    return { step, placed: [...placed], jumper: [...jumper], most, now };
  }

  /** @param p in (0, 1) */
  add(p: number): void {
    this.step++;
    const stake = -Math.log(this.step) - Math.log(this.step + 1);
    const waiting = -Math.log(this.step + 1);
    const won = bets.map(({ logWeight, logFactor }, i) => {
      const before = this.step === 1 ? stake : logAdd(this.placed[i], stake);
      this.placed[i] = before + (logFactor ? logFactor(p) : this.jump(p));
      return logWeight + logAdd(this.placed[i], waiting);
    });
    this.now = logSum(won);
    this.most = Math.max(this.most, this.now);
  }

  /** Natural logarithm of the evidence. */
  get log(): number {
    return this.now;
  }

  /** Natural logarithm of the highest evidence so far. */
  get highest(): number {
    return this.most;
  }

  /** The jumper's logarithmic factor; moves its capital. */
  private jump(p: number): number {
    const won = this.jumper.map(
      (share, i) => ((1 - JUMP) * share + JUMP / 3) * (1 + (i - 1) * (p - 0.5)),
    );
    const total = won[0] + won[1] + won[2];
    won.forEach((share, i) => {
      this.jumper[i] = share / total;
    });
    return Math.log(total);
  }
}

/** What `Evidence` is, as JSON. */
export interface EvidenceState {
  readonly step: number;
  readonly placed: readonly number[];
  readonly jumper: readonly number[];
  readonly most: number;
  readonly now: number;
}

const JUMP = 0.01;
const exponents = [0.1, 0.3, 0.5, 0.7, 0.9];

interface Bet {
  readonly logWeight: number;
  /** Absent for the jumper, whose factor depends on what came before. */
  readonly logFactor?: (p: number) => number;
}

const power = (epsilon: number, of: (p: number) => number): Bet => ({
  logWeight: -Math.log(3 * exponents.length),
  // A stake on a p-value that rounds to 0 would win without end.
  logFactor: (p) => Math.log(epsilon) + (epsilon - 1) * Math.log(Math.max(of(p), 2 ** -53)),
});

const bets: readonly Bet[] = [
  ...exponents.map((epsilon) => power(epsilon, (p) => p)),
  ...exponents.map((epsilon) => power(epsilon, (p) => 1 - p)),
  { logWeight: -Math.log(3) },
];

/** How many bets there are. */
export const betCount = bets.length;

function logAdd(a: number, b: number): number {
  const high = Math.max(a, b);
  return high + Math.log1p(Math.exp(Math.min(a, b) - high));
}

function logSum(values: readonly number[]): number {
  const high = Math.max(...values);
  return high + Math.log(values.reduce((sum, value) => sum + Math.exp(value - high), 0));
}
