import type { Example } from '../examples.js';
import { CALL, DEAL, DEMO, ONE_OFF, PROSPECTING } from './names.js';

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
    body: { activityId: DEMO, outcome: 'offer asked for', note: 'They liked it.' },
  },
  {
    route: 'POST /v1/deals/{id}/cancel-activity',
    summary: 'Not needed',
    path,
    body: { activityId: CALL, reason: 'They called.' },
  },
  {
    route: 'POST /v1/activities',
    summary: 'Sixty calls on every weekday',
    body: {
      ...{ id: PROSPECTING, kind: 'call', subject: 'Prospecting', targetCount: 60 },
      ...{ dueAt: '2026-01-05T09:00:00+01:00', recurrence: { frequency: 'weekdays', until: '2026-12-31' } },
    },
  },
  {
    route: 'POST /v1/activities',
    summary: 'Once',
    body: { id: ONE_OFF, kind: 'task', subject: 'Order brochures', dueAt: '2099-03-01T09:00:00Z' },
  },
  {
    route: 'POST /v1/activities/{id}/reschedule',
    summary: 'In the afternoon',
    path: { id: PROSPECTING },
    body: { dueAt: '2026-01-05T15:00:00+01:00' },
  },
  {
    route: 'POST /v1/activities/{id}/complete',
    summary: 'Nearly as many',
    path: { id: PROSPECTING },
    body: { count: 57, outcome: '4 meetings' },
  },
  {
    route: 'POST /v1/activities/{id}/cancel',
    summary: 'Not on the Tuesday',
    path: { id: PROSPECTING },
    body: { occurrence: '2026-01-06', reason: 'Trade fair' },
  },
  { route: 'POST /v1/activities/{id}/cancel', summary: 'All of it', path: { id: ONE_OFF }, body: {} },
  { route: 'GET /v1/activities', summary: 'What somebody has to do today', query: { status: 'due', assignee: 'u-1' } },
  { route: 'GET /v1/activities/{id}', summary: 'With what comes next', path: { id: PROSPECTING } },
  { route: 'GET /v1/activities/{id}/events', summary: 'What happened to it', path: { id: PROSPECTING } },
];
