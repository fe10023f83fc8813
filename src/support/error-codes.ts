/**
 * Stable codes of every error that the library raises on purpose.
 *
 * Test `error.code`, or `isSaladError(error, code)`; `instanceof` fails when an ESM and a CommonJS
 * copy of the library meet in one process.
 */
// Each comment is the entry of docs/errors.md: what happened, then what to do about it. `npm run errors` writes that page.
export type SaladErrorCode =
  /** A model or detector learns once, and this one has begun already. Remedy: go on with `resume: true`, or create a new one. */
  | 'ALREADY_FITTED'
  /** The backend lacks kernels that gradients need; tfjs's wasm does. Remedy: call `enableWasmTraining()` of `salad-ad/wasm` before training, or set another backend. */
  | 'BACKEND_CANNOT_TRAIN'
  /** The bank of the model lies in a store, and the call needs its rows in memory, or no store was given yet. Remedy: `await model.useStore(store)` to score with it; for what needs the rows, load a file that was saved before, or make a bank again with `refreshBank`. */
  | 'BANK_IN_STORE'
  /** No TensorFlow.js backend has started. Remedy: import one, and `await tf.setBackend(...)` or `await detectBackend()` before the call. */
  | 'BACKEND_NOT_READY'
  /** A run is resumed with other images, or in another order, than it was begun with. Remedy: give the same source. */
  | 'CHECKPOINT_MISMATCH'
  /** What was called has given its tensors back. Remedy: create or load another; call `dispose()` last. */
  | 'DISPOSED'
  /** A list, a set of images or a bank has nothing in it, or nothing of the kind that is needed. Remedy: look at what was read, and at filters before the call; `checkImages` lists what a source holds. */
  | 'EMPTY_SET'
  /** A file was written in a format that this version does not read. Remedy: update salad-ad, or read the file with the version that wrote it. */
  | 'FORMAT_VERSION'
  /** A file says what cannot be true of an image, or is none. Remedy: copy it again from where it is whole; `onBadImage: 'skip'` leaves it out, and names it. */
  | 'IMAGE_INVALID'
  /** Two parts of a split hold the same pictures. Remedy: leave out one of each pair, or split anew with the duplicates in one part. */
  | 'IMAGE_OVERLAP'
  /** The header tells of more pixels than `maxPixels` allows; nothing was decoded. Remedy: raise `maxPixels` if the file is what you think it is. */
  | 'IMAGE_TOO_LARGE'
  /** A file ends before its image does. Remedy: copy it again; `onBadImage: 'skip'` leaves it out, and names it. */
  | 'IMAGE_TRUNCATED'
  /** Images that a call cannot do without could not be read. Remedy: see the reason that it gives; leave those images out, as `checkImages` shows. */
  | 'IMAGE_UNREADABLE'
  /** The format, or a variant of it, is not decoded here. Remedy: install the package that the message names, give a decoder, or convert the file. */
  | 'IMAGE_UNSUPPORTED'
  /** A row or an image of a number that is not there was asked for. Remedy: count from 0 to one less than there are. */
  | 'INDEX_OUT_OF_RANGE'
  /** An embedding or a cell is not finite, or not of length 1. Remedy: lower the learning rate, or normalise what your encoder returns. */
  | 'INVALID_EMBEDDING'
  /** What was given as images is none, or a source of your own returned what does not fit its request. Remedy: see what the message expected; `arraySource` and `folderSource` make valid ones. */
  | 'INVALID_IMAGES'
  /** The value of an option or an argument does not fit. Remedy: the message names the option, the value and what it may be. */
  | 'INVALID_OPTION'
  /** A table of images, or its columns, does not fit. Remedy: correct the row or column that the message names. */
  | 'INVALID_RECORDS'
  /** Labels or scores are not one for each image, or a label is neither 0 nor 1. Remedy: give as many as there are images, in their order. */
  | 'LABELS_MISMATCH'
  /** An optional package is not installed. Remedy: run the `npm install` that the message tells. */
  | 'MISSING_PEER'
  /** The weights of the frozen encoder are not where they should be; a bundler may have left them out. Remedy: serve or read `salad-ad/encoders/efficientnet-lite0.bin`, and give its bytes as `weights`. */
  | 'MISSING_WEIGHTS'
  /** A model file is not what was saved: its checksum differs. Remedy: copy it again from where it is whole, or save the model again. */
  | 'MODEL_DAMAGED'
  /** The file holds no model of this library, or not the whole description of one. Remedy: give what `save` wrote, unchanged. */
  | 'NOT_A_MODEL'
  /** What was called has not learnt yet. Remedy: `fit` it, or load one that was fitted. */
  | 'NOT_FITTED'
  /** A server did not take what was sent to it, or does not say that it has it. Remedy: see the reason that it gives, let the server store, and send it again: the same object is stored once. */
  | 'NOT_STORED'
  /** A number is NaN or infinite. Remedy: look at where it comes from; the message names its place. */
  | 'NOT_FINITE'
  /** The page has no `crypto.subtle`, which checksums need. Remedy: serve it over https, or from localhost. */
  | 'NO_CRYPTO'
  /** The backbone does not reconstruct images. Remedy: use a backbone with `decode`, or a method that needs none. */
  | 'NO_DECODER'
  /** Nothing says which training images are normal. Remedy: give labels, or `{ allNormal: true }` where all are. */
  | 'NO_LABELS'
  /** The model does not know how its images were made of files. Remedy: give the `recipe`, decoders or `transform` with which it learnt. */
  | 'NO_RECIPE'
  /** No row of a normal image is left to compare with. Remedy: train on more normal images. */
  | 'NO_ROWS_KEPT'
  /** WebAssembly cannot have more memory. Remedy: smaller batches, images or banks, or another backend. */
  | 'OUT_OF_MEMORY'
  /** A patient has images in two parts, so that the result would be too good. Remedy: split by patient, as `splitByPatient` does. */
  | 'PATIENT_OVERLAP'
  /** Pixels lie outside the range of their type. Remedy: give `bitsStored`, or divide by the largest value. */
  | 'PIXEL_RANGE'
  /** Images are made of files in another way than those that the model learnt from. Remedy: use `scoreFiles`, or the options of `model.preparation.recipe`. */
  | 'RECIPE_MISMATCH'
  /** Sizes of tensors, images or lists do not go together. Remedy: the message tells both shapes. */
  | 'SHAPE_MISMATCH'
  /** A store of a bank gave what is no answer: too few rows, vectors of another size, distances that are none. Remedy: the message names it; widen the search of its index, or write the rows again. */
  | 'STORE_INVALID'
  /** A store holds other rows than the model's bank, or only some of them. Remedy: give the store that was filled from this model; empty one that was filled in part, and fill it again. */
  | 'STORE_MISMATCH'
  /** An experiment would choose by test images, or score them twice. Remedy: choose by validation images, or test on others. */
  | 'TEST_SELECTION'
  /** A thread of a pool, or one that computes on wasm, ended by itself. Remedy: call again, since a pool has put another one in its place; with no memory left, use fewer threads; on wasm start the process or the page anew. */
  | 'THREAD_ENDED'
  /** The loss is not finite, or no minimum was found. Remedy: lower the learning rate; for a classifier raise `l2` or `tolerance`. */
  | 'TRAINING_DIVERGED'
  /** Two runs of one model at a time. Remedy: await the first, or train a model of its own. */
  | 'TRAINING_IN_PROGRESS'
  /** A model file is shorter than it says. Remedy: copy it again, whole. */
  | 'TRUNCATED_MODEL'
  /** An option has a name that is none. Remedy: see the names that the message lists; it guesses the one that you meant. */
  | 'UNKNOWN_OPTION'
  /** The disk refused a file; what was there before is as it was. Remedy: make room, or choose a place that may be written. */
  | 'WRITE_FAILED';
