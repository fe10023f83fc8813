import { missingPeer } from './missing-peer.js';

/** The optional package fast-png, which a bundler may leave out where it is not installed. @throws MISSING_PEER */
export async function fastPng(where: string): Promise<typeof import('fast-png')> {
  try {
    return await import('fast-png');
  } catch (cause) {
    return missingPeer(where, 'fast-png')(cause);
  }
}
