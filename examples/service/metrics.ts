import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What Prometheus reads at /metrics; the memory and processor time of the process come with prom-client. */
export function serviceMetrics(now: { places(): number; waiting(): number }) {
  const registers = [new Registry()];
  const [registry] = registers;
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'salad_films_total',
    help: 'Films that were sent, by what became of them: scored, or the code of why not.',
    labelNames: ['outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'salad_film_seconds',
    help: 'Seconds from the head of a request to its score.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  new Gauge({
    name: 'salad_places_taken',
    help: 'Films that are coming in, waiting or being scored.',
    registers,
    collect() {
      this.set(now.places());
    },
  });
  new Gauge({
    name: 'salad_queue_length',
    help: 'Films that have come in and wait to be scored.',
    registers,
    collect() {
      this.set(now.waiting());
    },
  });
  return { registry, requests, seconds };
}
