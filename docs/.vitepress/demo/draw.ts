/** Draws bytes of 1 (grey) or 3 (RGB) channels on a canvas of their size. */
export function draw(canvas: HTMLCanvasElement, pixels: Uint8Array, side = 64): void {
  const channels = pixels.length / (side * side);
  canvas.width = side;
  canvas.height = side;
  const image = new ImageData(side, side);
  for (let i = 0; i < side * side; i++)
    for (let c = 0; c < 4; c++)
      image.data[i * 4 + c] = c === 3 ? 255 : pixels[i * channels + (channels === 1 ? 0 : c)];
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}
