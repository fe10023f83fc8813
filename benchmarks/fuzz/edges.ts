/** Values at which numbers of 1, 2 and 4 bytes turn, and sizes that arrays often have. */
export const EDGES = [
  0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 254, 255, 256, 257, 1023,
  4096, 0x7ffe, 0x7fff, 0x8000, 0xfffe, 0xffff, 0x10000, 0x7ffffffe, 0x7fffffff, 0x80000000,
  0xfffffffe, 0xffffffff,
];
