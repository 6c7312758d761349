import type { Example } from '../examples.js';
import type { RouteName } from '../routes.js';
import { ORGANIZATION, PERSON, SAME_ORGANIZATION, SAME_PERSON } from './names.js';

/** People and organisations take the same commands. */
function story(path: string, one: Record<string, unknown>, same: Record<string, unknown>): readonly Example[] {
  const id = { id: String(one['id']) };
  const otherId = String(same['id']);
  const route = (method: 'GET' | 'POST', rest = ''): RouteName => `${method} ${path}${rest}`;
  return [
    { route: route('POST'), summary: 'As known', body: one },
    { route: route('POST'), summary: 'Once more', body: same },
    { route: route('POST', '/{id}/edit'), summary: 'Another address', path: id, body: { emails: ['new@acme.test'] } },
    { route: route('POST', '/{id}/merge'), summary: 'They are one', path: id, body: { otherId } },
    { route: route('POST', '/{id}/unmerge'), summary: 'They are two', path: id, body: { otherId } },
    { route: route('GET'), summary: 'All with a word', query: { q: 'acme' } },
    { route: route('GET', '/{id}'), summary: 'One, with likely duplicates', path: id },
    { route: route('GET', '/{id}/events'), summary: 'The history', path: id },
    { route: route('GET', '/{id}/timeline'), summary: 'What happened', path: id },
    { route: route('POST', '/{id}/erase'), summary: 'Asked to be forgotten', path: { id: otherId }, body: {} },
  ];
}

const ada = { name: 'Augusta King', emails: ['augusta@acme.test'], phones: ['+49 30 7654321'] };

export const CONTACT_EXAMPLES: readonly Example[] = [
  ...story(
    '/v1/organizations',
    { id: ORGANIZATION, name: 'Acme Boilers', emails: ['info@acme.test'] },
    { id: SAME_ORGANIZATION, name: 'ACME boilers' },
  ),
  ...story(
    '/v1/people',
    { id: PERSON, ...ada, organizationId: ORGANIZATION },
    { id: SAME_PERSON, name: 'A. King', phones: ['+49307654321'] },
  ),
];
