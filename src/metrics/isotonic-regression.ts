/** The distinct scores, rising, with the images and the anomalies at each. */
export interface ScoreCounts {
  readonly scores: Float64Array;
  readonly images: Float64Array;
  readonly anomalies: Float64Array;
}

/** Equal scores are one point: nothing can tell their images apart. */
export function countByScore(scores: ArrayLike<number>, labels: ArrayLike<number>): ScoreCounts {
  const order = Int32Array.from({ length: scores.length }, (_, i) => i);
  order.sort((a, b) => scores[a] - scores[b]);
  const distinct: number[] = [];
  const images: number[] = [];
  const anomalies: number[] = [];
  for (const i of order) {
    if (distinct.length === 0 || scores[i] !== distinct[distinct.length - 1]) {
      distinct.push(scores[i]);
      images.push(0);
      anomalies.push(0);
    }
    images[images.length - 1] += 1;
    anomalies[anomalies.length - 1] += labels[i];
  }
  return {
    scores: Float64Array.from(distinct),
    images: Float64Array.from(images),
    anomalies: Float64Array.from(anomalies),
  };
}

/**
 * The rising shares nearest to the anomalies / images of each score (least squares, weighted by
 * images), by pooling neighbours that fall: each takes the share of the pool that it ends up in.
 *
 * @see Ayer et al., Annals of Mathematical Statistics 1955.
 */
export function poolAdjacentViolators({ images, anomalies }: ScoreCounts): Float64Array {
  const pools: { images: number; anomalies: number; points: number }[] = [];
  for (let i = 0; i < images.length; i++) {
    const pool = { images: images[i], anomalies: anomalies[i], points: 1 };
    // By products of counts, which are exact, so that equal shares pool too.
    for (let last = pools.at(-1); last && isHigher(last, pool); last = pools.at(-1)) {
      pool.images += last.images;
      pool.anomalies += last.anomalies;
      pool.points += last.points;
      pools.pop();
    }
    pools.push(pool);
  }
  const shares = pools.map((pool) =>
    new Float64Array(pool.points).fill(pool.anomalies / pool.images),
  );
  return Float64Array.from(shares.flatMap((share) => Array.from(share)));
}

type Pool = { readonly images: number; readonly anomalies: number };

function isHigher(before: Pool, after: Pool): boolean {
  return before.anomalies * after.images >= after.anomalies * before.images;
}
