import { validate, version } from 'uuid';
import type { Actor } from '#domain/shared/decision.js';
import { commandIdOf, createdId, derivedId } from './command-id.js';

const ada: Actor = { id: 'ada', kind: 'user' };

describe('the id of a command', () => {
  it('is fixed for ever: stored events refer to it', () => {
    expect(commandIdOf(ada, 'POST', '/v1/leads', 'k-1')).toBe(FIXED.command);
    expect(derivedId('a', 'b')).toBe(FIXED.derived);
    expect(createdId({ commandId: FIXED.command, keyed: true }, 'lead')).toBe(FIXED.created);
  });

  it('is another one for another actor, kind of actor, method, path or key', () => {
    const ids = [
      commandIdOf(ada, 'POST', '/v1/leads', 'k-1'),
      commandIdOf({ id: 'bob', kind: 'user' }, 'POST', '/v1/leads', 'k-1'),
      commandIdOf({ id: 'ada', kind: 'api-key' }, 'POST', '/v1/leads', 'k-1'),
      commandIdOf(ada, 'PUT', '/v1/leads', 'k-1'),
      commandIdOf(ada, 'POST', '/v1/deals', 'k-1'),
      commandIdOf(ada, 'POST', '/v1/leads', 'k-2'),
      // Parts do not run into each other.
      commandIdOf(ada, 'POST', '/v1/leads","k-1', ''),
      commandIdOf(ada, 'POST', '/v1/lead', 's","k-1'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is random without a key, and so is what such a command creates', () => {
    const first = commandIdOf(ada, 'POST', '/v1/leads', null);
    expect(first).not.toBe(commandIdOf(ada, 'POST', '/v1/leads', null));
    const unkeyed = { commandId: first, keyed: false };
    expect(createdId(unkeyed, 'lead')).not.toBe(createdId(unkeyed, 'lead'));
    expect(version(createdId(unkeyed, 'lead'))).toBe(7);
  });

  it('tells what is created apart by its kind, and is a UUID throughout', () => {
    const keyed = { commandId: FIXED.command, keyed: true };
    const ids = ['lead', 'person', 'organization', 'deal'].map((what) => createdId(keyed, what));
    expect(new Set(ids).size).toBe(4);
    expect(ids.every(validate)).toBe(true);
  });
});

const FIXED = {
  command: '5f536708-aa5f-519b-a8f1-c90e767b9d21',
  derived: '8147c656-a6b9-5233-a4f6-30fe65371aaf',
  created: '6d4b3969-488d-59b9-a49b-5b3c7e08131e',
};
