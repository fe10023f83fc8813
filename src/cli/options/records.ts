import type { Option } from '../frame/command.js';

/** How a folder or a list of images is understood. */
export const recordOptions = {
  root: {
    type: 'text',
    value: 'FOLDER',
    help: 'where the paths of a CSV list start; default the folder of the list',
  },
  columns: {
    type: 'object',
    fileOnly: true,
    help: 'columns of a CSV list by what they hold, such as { "path": "file", "label": "abnormal", "patient": "id" }',
  },
  labels: {
    type: 'object',
    fileOnly: true,
    help: 'label of the images in each folder, such as { "healthy": 0, "broken": 1 }',
  },
  patientPattern: {
    type: 'text',
    value: 'REGEXP',
    help: "what names the patient in a path, its first group, such as '(\\d+)_\\d+\\.png'; DICOM files say it themselves",
  },
} as const satisfies Readonly<Record<string, Option>>;
