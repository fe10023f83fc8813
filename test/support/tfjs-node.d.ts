// Not always installed (`npm run setup:tfjs-node`), and imported all the same where it may be missing.
declare module '@tensorflow/tfjs-node';
