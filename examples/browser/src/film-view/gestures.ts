import type { Probe } from './probe.js';
import type { Stage } from './stage.js';

const STEP = 1.25;
const MOVE = 40;

/** Mouse, touch and keys on the film. */
export function handleStage(canvas: HTMLCanvasElement, stage: Stage, probe: Probe): void {
  handleKeys(canvas, stage, probe);
  handlePointers(canvas, stage, probe);
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      stage.zoomBy(event.deltaY < 0 ? STEP : 1 / STEP, placeOf(canvas, event));
    },
    { passive: false },
  );
  for (const [id, act] of [
    ['zoom-in', () => stage.zoomBy(STEP)],
    ['zoom-out', () => stage.zoomBy(1 / STEP)],
    ['zoom-whole', () => stage.whole()],
  ] as const)
    document.getElementById(id)?.addEventListener('click', act);
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function handleKeys(canvas: HTMLCanvasElement, stage: Stage, probe: Probe): void {
  canvas.addEventListener('keydown', (event) => {
    const arrow = ARROWS[event.key];
    if (arrow && event.shiftKey) stage.moveBy(-MOVE * arrow[0], -MOVE * arrow[1]);
    else if (arrow) probe.moveBy(...arrow);
    else if (event.key === '+' || event.key === '=') stage.zoomBy(STEP);
    else if (event.key === '-') stage.zoomBy(1 / STEP);
    else if (event.key === '0') stage.whole();
    else return;
    event.preventDefault();
  });
}

/** One pointer moves the film, two zoom it; without a button it probes. */
function handlePointers(canvas: HTMLCanvasElement, stage: Stage, probe: Probe): void {
  const down = new Map<number, { x: number; y: number }>();
  const spread = () => {
    const [one, other] = [...down.values()];
    return Math.hypot(one.x - other.x, one.y - other.y);
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, placeOf(canvas, event));
    probe.pointAt(placeOf(canvas, event));
  });
  canvas.addEventListener('pointermove', (event) => {
    const to = placeOf(canvas, event);
    const from = down.get(event.pointerId);
    if (!from) {
      probe.pointAt(to);
      return;
    }
    const before = down.size === 2 ? spread() : 0;
    down.set(event.pointerId, to);
    if (down.size === 2) stage.zoomBy(spread() / Math.max(1, before), to);
    else stage.moveBy(to.x - from.x, to.y - from.y);
  });
  for (const end of ['pointerup', 'pointercancel'] as const)
    canvas.addEventListener(end, ({ pointerId }) => down.delete(pointerId));
}

/** Of an event, in pixels of the canvas. */
function placeOf(canvas: HTMLCanvasElement, event: MouseEvent): { x: number; y: number } {
  const ratio = canvas.width / Math.max(1, canvas.clientWidth);
  return { x: event.offsetX * ratio, y: event.offsetY * ratio };
}
