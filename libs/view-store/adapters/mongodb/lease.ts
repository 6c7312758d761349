import type { Db, Document } from 'mongodb';
import type { Lease, ViewSchema } from '../../port.js';
import { hasCode, ServerCode } from './errors.js';
import { viewKey } from './names.js';
import { majority } from './read-concern.js';
import { makeRecord, records } from './view-record.js';

/**
 * Takes or renews the lease in one step of the server. Time is the primary's (`$$NOW`): the clocks of the holders need
 * not agree. After a failover the new primary's clock counts; a takeover that comes too early for that is harmless, as
 * epochs fence, and a lease from the future (a clock that was set back) counts as run out.
 */
export async function acquireLease(
  database: Db,
  schema: ViewSchema,
  holder: string,
  ttlMs: number,
): Promise<Lease | null> {
  for (;;) {
    const lease = await take(database, schema, holder, ttlMs);
    if (lease !== null || (await isThere(database, schema))) return lease;
    try {
      await makeRecord(database, schema);
    } catch (error) {
      if (!hasCode(error, ServerCode.duplicateKey)) throw error;
    }
  }
}

async function take(database: Db, schema: ViewSchema, holder: string, ttlMs: number): Promise<Lease | null> {
  const mine: Document = { $eq: ['$holder', { $literal: holder }] };
  const taken = await records(database).findOneAndUpdate(
    {
      _id: viewKey(schema),
      $or: [
        { holder },
        { holder: null },
        { $expr: { $lte: ['$expiresAt', '$$NOW'] } },
        { $expr: { $gt: ['$renewedAt', '$$NOW'] } },
      ],
    },
    [
      {
        $set: {
          epoch: { $cond: [mine, '$epoch', { $add: ['$epoch', 1] }] },
          holder: { $literal: holder },
          renewedAt: '$$NOW',
          expiresAt: { $add: ['$$NOW', ttlMs] },
        },
      },
    ],
    { returnDocument: 'after', projection: { epoch: 1 } },
  );
  return taken === null ? null : { epoch: taken.epoch };
}

async function isThere(database: Db, schema: ViewSchema): Promise<boolean> {
  return (
    (await records(database).findOne({ _id: viewKey(schema) }, { projection: { _id: 1 }, ...majority() })) !== null
  );
}

/** The epoch stays, so that none is ever given twice. */
export async function releaseLease(database: Db, schema: ViewSchema, holder: string): Promise<void> {
  await records(database).updateOne({ _id: viewKey(schema), holder }, { $set: { holder: null } });
}
