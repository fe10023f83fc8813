import { SaladModel } from 'salad-ad';
import { efficientNetLite0 } from 'salad-ad/encoders';
import { filmLikeSource } from '../film-like-source.js';
import { SIDE } from '../frozen-cells.js';
import type { Task, TaskSettings } from '../task.js';

/** `fit` of a model that reads the cells of a frozen encoder, `bank` films and their threshold. */
export async function prepare({ bank: films, peak }: TaskSettings): Promise<Task> {
  const normals = filmLikeSource(SIDE, films);
  const validation = filmLikeSource(SIDE, 32, 2);
  return {
    async run() {
      const model = SaladModel.create({
        backbone: await efficientNetLite0(),
        score: 'cells',
        cells: { grid: [14, 14] },
      });
      await model.fit(normals, { validation });
      model.dispose();
    },
    unit: peak ? 'MB' : 'ms',
  };
}
