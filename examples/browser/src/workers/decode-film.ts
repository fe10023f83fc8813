import type { ImageRecipe } from 'salad-ad';
import { browserImages, type DecodedImage, type Decoder, imageFormat } from 'salad-ad/data';

/** Height times width that a film may have. */
const MOST_PIXELS = 2 ** 26;
const HEAD = 512;

/** A film as its file holds it, by the first decoder that takes it. DICOM's is loaded when the first such file comes. */
export async function decodeFilm(
  bytes: Uint8Array,
  recipe: Partial<ImageRecipe> | undefined,
): Promise<{ decoder: Decoder; image: DecodedImage }> {
  const format = imageFormat(bytes.subarray(0, HEAD));
  const decoder = await decoderFor(format, recipe);
  if (!decoder.accepts(bytes, format))
    throw Object.assign(
      new Error(
        `The file is ${format ?? 'of no format that is known here'}; expected PNG, JPEG, WebP or DICOM.`,
      ),
      { code: 'IMAGE_UNSUPPORTED' },
    );
  return { decoder, image: await decoder.decode(bytes, { maxPixels: MOST_PIXELS, format }) };
}

/** A file of no format that is known may be DICOM without its mark. */
async function decoderFor(
  format: string | undefined,
  recipe: Partial<ImageRecipe> | undefined,
): Promise<Decoder> {
  return format === 'application/dicom' || format === undefined
    ? dicomDecoder(recipe)
    : browserImages();
}

/** That of DICOM files, told what the recipe of a model says. */
export async function dicomDecoder(recipe: Partial<ImageRecipe> | undefined): Promise<Decoder> {
  const { dicom } = await import('salad-ad/dicom');
  const { wasmUrl } = await import('./codec-urls.js');
  return dicom({ ...recipe?.decoders?.dicom, wasmUrl });
}
