import { day, given, type Decider } from '../shared/testing/given.js';
import { decideAlert, evolveAlert, type AlertState, type AnnounceActivity } from './alert.js';
import type { ActivityDue, AlertEvent } from './alert.events.js';

const alert: Decider<AlertState, AnnounceActivity, AlertEvent> = {
  id: 'demo-of-today',
  decide: decideAlert,
  evolve: evolveAlert,
};
const dueAt = new Date(day(5)).toISOString();
const data: ActivityDue['data'] = {
  ...{ activityId: 'demo', dealId: 'boiler', leadId: null, kind: 'demo', assigneeId: 'u-ada', occurrence: null, dueAt },
};
const announce: AnnounceActivity = { type: 'AnnounceActivity', due: data };

describe('an activity that falls due', () => {
  it('is announced once, as of the time it was due', () => {
    given(alert)
      .when(announce)
      .then([{ type: 'ActivityDue', data, occurredAt: day(5) }]);
    given(alert, [{ type: 'ActivityDue', data }])
      .when(announce)
      .thenNothing();
  });
});
