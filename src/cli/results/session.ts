import type { OnnxScorer } from 'salad-ad/onnx';
import { exitCodes } from '../frame/exit-codes.js';
import { Failure, unusable } from '../frame/failure.js';
import { installed } from '../frame/library.js';

type ScorerParts = ConstructorParameters<typeof OnnxScorer>[0];

/** As much of onnxruntime-node as is used. */
interface Runtime {
  readonly InferenceSession: {
    create(
      path: string,
      options: { readonly intraOpNumThreads?: number; readonly logSeverityLevel: number },
    ): Promise<ScorerParts['session'] & { release(): Promise<void> }>;
  };
  readonly Tensor: ScorerParts['Tensor'];
}

/** A session of a file on onnxruntime-node, which is an optional package. @throws Failure */
export async function sessionOf(path: string, threads: number | undefined) {
  const { InferenceSession, Tensor } = runtime();
  const session = await InferenceSession.create(path, {
    ...(threads !== undefined && { intraOpNumThreads: threads }),
    // Errors alone: its warnings are about how it optimises a graph.
    logSeverityLevel: 3,
  }).catch((cause) => {
    throw unusable(
      `'${path}' is no model that onnxruntime runs (${String(cause.message ?? cause).slice(0, 200)}); write one with \`salad-ad export --model FOLDER --out ${path}\``,
    );
  });
  return { session, Tensor };
}

function runtime(): Runtime {
  try {
    return installed('onnxruntime-node') as Runtime;
  } catch (cause) {
    throw new Failure(
      exitCodes.missing,
      'an .onnx file needs the optional package onnxruntime-node; run `npm install onnxruntime-node`, where its install script reaches no server `npm install --ignore-scripts onnxruntime-node`, or score the folder that the file was exported from',
      { cause },
    );
  }
}
