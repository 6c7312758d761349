import type { Example } from '../examples.js';
import { CALL, DEAL, DEMO } from './names.js';

const path = { id: DEAL };

export const ACTIVITY_EXAMPLES: readonly Example[] = [
  {
    route: 'POST /v1/deals/{id}/plan-activity',
    summary: 'A demo',
    path,
    body: { activityId: DEMO, kind: 'demo', subject: 'Show the controls', dueAt: '2099-03-01T09:00:00+01:00' },
  },
  {
    route: 'POST /v1/deals/{id}/plan-activity',
    summary: 'A call by somebody else',
    path,
    body: {
      activityId: CALL,
      kind: 'call',
      subject: 'Ask for the board',
      dueAt: '2099-03-02T09:00:00Z',
      assigneeId: 'u-3',
    },
  },
  {
    route: 'POST /v1/deals/{id}/reschedule-activity',
    summary: 'A day later',
    path,
    body: { activityId: DEMO, dueAt: '2099-03-02T09:00:00+01:00' },
  },
  {
    route: 'POST /v1/deals/{id}/complete-activity',
    summary: 'Done',
    path,
    body: { activityId: DEMO, note: 'They liked it.' },
  },
  {
    route: 'POST /v1/deals/{id}/cancel-activity',
    summary: 'Not needed',
    path,
    body: { activityId: CALL, reason: 'They called.' },
  },
];
