import { cpus, totalmem } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { version } from '../../package.json';
import type { RunRecord } from './run-record.js';

/** This process, on this machine, now. */
export function environment(): RunRecord['environment'] {
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
