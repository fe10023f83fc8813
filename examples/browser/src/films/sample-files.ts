import { fetchSampleValidation } from '../storage/sample-model.js';

const SIDE = 64;
/** So many of each kind. */
const EACH = 4;

/** A few of the films that the sample model was validated on, as PNG files: normal and abnormal ones. */
export async function sampleFiles(): Promise<File[]> {
  const { pixels, labels } = await fetchSampleValidation();
  const files: File[] = [];
  for (const [label, kind] of ['normal', 'pneumonia'].entries()) {
    const ofKind = labels.flatMap((one, i) => (one === label ? [i] : [])).slice(0, EACH);
    for (const [number, i] of ofKind.entries()) {
      const film = await pngOf(pixels.subarray(i * SIDE ** 2, (i + 1) * SIDE ** 2));
      files.push(new File([film], `sample-${kind}-${number + 1}.png`));
    }
  }
  return files;
}

function pngOf(grey: Uint8Array): Promise<Blob> {
  const picture = new ImageData(SIDE, SIDE);
  for (const [i, value] of grey.entries()) picture.data.set([value, value, value, 255], 4 * i);
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
  return canvas.convertToBlob();
}
