import type { ScoringRule } from '../settings/settings.events.js';
import { given } from '../shared/testing/given.js';
import { captured, engaged, lead } from '../shared/testing/leads.js';
import { scoreOf } from './lead.score.js';

const RULES: readonly ScoringRule[] = [
  { rule: 'priced', points: 20, engagement: 'pricing-page-seen', atMost: 2 },
  { rule: 'opened', points: 1, engagement: 'email-opened', atMost: null },
  { rule: 'large', points: 30, attribute: 'size', in: ['250+', '1000+'] },
  { rule: 'student', points: -50, attribute: 'job', in: ['student'] },
];
const history = [
  captured({ attributes: { size: '250+', job: 'cook' } }),
  ...(['pricing-page-seen', 'email-opened', 'pricing-page-seen', 'pricing-page-seen'] as const).map((kind) =>
    engaged(kind),
  ),
];
const state = given(lead, history).state();

describe('the score of a lead', () => {
  it('says which rule gave which points', () => {
    expect(scoreOf(state, { version: 3, rules: RULES })).toEqual({
      total: 71,
      modelVersion: 3,
      parts: [
        { rule: 'priced', points: 40, count: 2, revision: 4 },
        { rule: 'opened', points: 1, count: 1, revision: 2 },
        { rule: 'large', points: 30, count: 1, revision: 0 },
      ],
    });
  });

  it('is another one under another model, of the same events', () => {
    const rules: readonly ScoringRule[] = [{ rule: 'cook', points: -5, attribute: 'job', in: ['cook'] }];
    expect(scoreOf(state, { version: 4, rules })).toMatchObject({ total: -5, modelVersion: 4 });
    expect(scoreOf(state, { version: 0, rules: [] })).toEqual({ total: 0, modelVersion: 0, parts: [] });
  });

  it('asks for attributes by name, not for what every object has', () => {
    const rules: readonly ScoringRule[] = [{ rule: 'x', points: 1, attribute: 'constructor', in: ['x'] }];
    expect(scoreOf(state, { version: 1, rules }).total).toBe(0);
  });
});
