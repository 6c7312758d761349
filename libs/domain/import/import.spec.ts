import { given, START, unknownEvent, type Decider } from '../shared/testing/given.js';
import {
  decideImport,
  evolveImport,
  type ImportCommand,
  type ImportCounts,
  type ImportEvent,
  type ImportState,
} from './import.js';

const decider: Decider<ImportState, ImportCommand, ImportEvent> = {
  id: 'i-1',
  decide: decideImport,
  evolve: (state, event) => evolveImport(state, event),
};
const file = { fileName: 'deals.csv', bytes: 10, sha256: 'aa', mapping: { name: 'crm', sha256: 'bb' } };
const counts: ImportCounts = { rows: 3, deals: 2, leads: 0, events: 0, repeats: 0, leftOut: 0, refused: 1 };
const started: ImportEvent = { type: 'ImportStarted', data: file };
const finished: ImportEvent = { type: 'ImportFinished', data: counts };

describe('an import', () => {
  it('is recorded when it starts and when it has read the whole file', () => {
    given(decider).when({ type: 'StartImport', import: file }).then([started]);
    given(decider, [started]).when({ type: 'FinishImport', counts }).then([finished]);
  });

  it('is the same one when it is run again', () => {
    given(decider, [started]).when({ type: 'StartImport', import: file }).thenNothing();
    given(decider, [started, finished]).when({ type: 'StartImport', import: file }).thenNothing();
    given(decider, [started, finished]).when({ type: 'FinishImport', counts }).thenNothing();
  });

  it('is finished anew when more of the file got in', () => {
    const better = { ...counts, deals: 3, refused: 0 };
    given(decider, [started, finished])
      .when({ type: 'FinishImport', counts: better })
      .then([{ type: 'ImportFinished', data: better }]);
  });

  it('cannot finish unless it was started', () => {
    given(decider).when({ type: 'FinishImport', counts }).thenRejected('not-found');
  });

  it('knows whether it is finished', () => {
    expect(given(decider, [started]).state()).toEqual({ started: file, finished: null });
    expect(given(decider, [started, finished]).state()).toEqual({ started: file, finished: counts });
  });

  it('folds no history that cannot be', () => {
    expect(() => given(decider, [started, started]).state()).toThrow(/again/);
    expect(() => given(decider, [finished]).state()).toThrow(/not started/);
    const at = { occurredAt: START, recordedAt: START, revision: 0, actor: { id: 'crm', kind: 'import' as const } };
    expect(() => evolveImport(null, { ...unknownEvent<ImportEvent>('ImportPainted'), ...at })).toThrow(/unknown event/);
  });
});
