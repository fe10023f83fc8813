/** A matrix in OpenCV's memory; whoever makes one deletes it. */
export interface Mat {
  readonly rows: number;
  readonly cols: number;
  readonly data: Uint8Array;
  readonly data16U: Uint16Array;
  readonly data32S: Int32Array;
  readonly data32F: Float32Array;
  delete(): void;
}

/** A list of matrices; `get` makes a matrix of its own. */
export interface MatVector {
  size(): number;
  get(index: number): Mat;
  delete(): void;
}

type Size = { width: number; height: number };

/** OpenCV 4 once it has started: what `openCv` resolves to, or the opencv.js of OpenCV's own site. */
export interface OpenCv {
  /** Its matrices. */
  readonly Mat: object;
}

/** What is used of OpenCV. */
export interface Cv {
  readonly Mat: {
    new (): Mat;
    new (rows: number, cols: number, type: number): Mat;
  };
  readonly MatVector: new () => MatVector;
  readonly Size: new (width: number, height: number) => Size;
  readonly Scalar: new (...values: number[]) => number[];
  readonly CV_8UC1: number;
  readonly CV_16UC1: number;
  readonly CV_32FC1: number;
  readonly CV_32FC2: number;
  readonly INTER_AREA: number;
  readonly INTER_LINEAR: number;
  readonly BORDER_REPLICATE: number;
  readonly THRESH_BINARY: number;
  readonly THRESH_OTSU: number;
  readonly RETR_EXTERNAL: number;
  readonly CHAIN_APPROX_SIMPLE: number;
  readonly DIST_HUBER: number;
  readonly DIST_L2: number;
  readonly DIST_MASK_5: number;
  readonly MORPH_OPEN: number;
  readonly MORPH_RECT: number;
  GaussianBlur(from: Mat, to: Mat, size: Size, sigma: number): void;
  threshold(from: Mat, to: Mat, level: number, high: number, type: number): number;
  findContours(from: Mat, to: MatVector, hierarchy: Mat, mode: number, method: number): void;
  drawContours(
    on: Mat,
    contours: MatVector,
    index: number,
    color: number[],
    thickness: number,
  ): void;
  contourArea(contour: Mat): number;
  arcLength(contour: Mat, closed: boolean): number;
  convexHull(from: Mat, to: Mat): void;
  approxPolyDP(from: Mat, to: Mat, distance: number, closed: boolean): void;
  fitLine(
    points: Mat,
    line: Mat,
    distance: number,
    parameter: number,
    radius: number,
    angle: number,
  ): void;
  getPerspectiveTransform(from: Mat, to: Mat): Mat;
  warpPerspective(
    from: Mat,
    to: Mat,
    map: Mat,
    size: Size,
    interpolation: number,
    border: number,
  ): void;
  getStructuringElement(shape: number, size: Size): Mat;
  morphologyEx(from: Mat, to: Mat, operation: number, element: Mat): void;
  connectedComponents(from: Mat, labels: Mat): number;
  distanceTransform(from: Mat, to: Mat, distance: number, mask: number): void;
  resize(from: Mat, to: Mat, size: Size, fx: number, fy: number, interpolation: number): void;
}
