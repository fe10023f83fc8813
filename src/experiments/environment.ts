import { cpus, totalmem } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { version } from '../../package.json';

/** What a run was made with. */
export interface Environment {
  /** salad-ad, TensorFlow.js and Node. */
  readonly versions: { readonly library: string; readonly tfjs: string; readonly node: string };
  /** Of TensorFlow.js. */
  readonly backend: string;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    /** GiB. */
    readonly memory: number;
    readonly platform: string;
  };
}

/** This process, on this machine, now. */
export function environment(): Environment {
  const processors = cpus();
  return {
    versions: {
      library: version,
      tfjs: tf.version_core,
      node: process.versions.node,
    },
    backend: tf.getBackend() ?? 'none',
    machine: {
      processor: processors[0]?.model.trim() ?? 'unknown',
      cores: processors.length,
      memory: Math.round(totalmem() / 2 ** 30),
      platform: `${process.platform}-${process.arch}`,
    },
  };
}
