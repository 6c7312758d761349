import { Timestamp } from 'bson';

/** The cluster's time: seconds and a counter in 64 bits, always ahead of what it was. */
export class ClusterClock {
  private last = 0n;

  constructor() {
    this.tick();
  }

  get now(): bigint {
    return this.last;
  }

  tick(): bigint {
    const wall = (BigInt(Math.floor(Date.now() / 1_000)) << 32n) | 1n;
    this.last = wall > this.last ? wall : this.last + 1n;
    return this.last;
  }
}

export function toTimestamp(time: bigint): Timestamp {
  return new Timestamp(time);
}

export function fromTimestamp(timestamp: Timestamp): bigint {
  return (BigInt(timestamp.t) << 32n) | BigInt(timestamp.i);
}
