import {
  assigned,
  eur,
  lost,
  moved,
  noted,
  opened,
  relocated,
  reopened,
  unknown,
  won,
} from '../testing/deal-happenings.js';
import { folded, only } from '../testing/folded.js';
import { recorded } from '../testing/histories.js';
import type { Happening } from '../testing/histories.js';
import { DEALS_VIEW } from './deals.view.js';

const ms = Date.parse;

function card(...happenings: Happening[]) {
  return folded(DEALS_VIEW, recorded('deal-d1', happenings)).rows('card')[0];
}

describe('the card of a deal', () => {
  it('shows what the deal was opened with', () => {
    const row = card(
      opened('2026-03-01T09:00:00.000Z', {
        value: eur('1250.50'),
        probability: 0.3333,
        forecastCategory: 'commit',
        organizationId: 'acme',
        personId: 'ada',
        source: 'website',
        labels: ['hot'],
        expectedClose: '2026-06-30',
        lineItems: ['p1', 'p2', 'p1'].map((productId) => ({
          productId,
          quantity: '1',
          unitPrice: eur('1.00'),
          discount: 0,
        })),
      }),
    );
    const at = ms('2026-03-01T09:00:00.000Z');
    expect(row).toEqual({
      id: 'd1',
      pipeline: 'new-business',
      stage: 'prospecting',
      status: 'open',
      board: 'new-business',
      title: 'Boiler',
      owner: 'ann',
      team: 'north',
      visibility: 'everyone',
      audience: 'everyone',
      source: 'website',
      labels: ['hot'],
      products: ['p1', 'p2'],
      contactKind: 'person',
      contactId: 'ada',
      currency: 'EUR',
      value: 125_050,
      ownProbability: 3333,
      ownCategory: 'commit',
      expectedClose: '2026-06-30',
      revision: 0,
      openedAt: at,
      enteredAt: at,
      touch: at,
      clockFrom: at,
      stayFrom: at,
      snoozedUntil: null,
      stayed: null,
      sleep: null,
      dues: null,
      firstDue: null,
      lastDue: null,
      planned: null,
      lastTouch: { type: 'DealOpened', actor: { id: 'u-1', kind: 'user' }, occurredAt: at, revision: 0 },
    });
  });

  it('names the organisation of a deal without a person', () => {
    expect(
      only(['contactKind', 'contactId'], card(opened('2026-03-01T09:00:00Z', { organizationId: 'acme' }))),
    ).toEqual({
      contactKind: 'organization',
      contactId: 'acme',
    });
  });

  it('fills exactly the columns of the schema', () => {
    const columns = Object.keys(DEALS_VIEW.schema.tables['card']?.columns ?? {});
    expect(Object.keys(card(opened('2026-03-01T09:00:00Z')) ?? {}).sort()).toEqual(['id', ...columns].sort());
  });

  it('goes along with a relocation, untouched, its stay running on', () => {
    const row = card(
      opened('2026-03-01T09:00:00.000Z'),
      moved('2026-03-02T09:00:00.000Z', 'prospecting', 'demo'),
      relocated('2026-03-05T09:00:00.000Z', 'demo', 'proposal'),
    );
    expect(only(['stage', 'board', 'enteredAt', 'stayFrom', 'clockFrom', 'revision'], row)).toEqual({
      stage: 'proposal',
      board: 'new-business',
      enteredAt: ms('2026-03-05T09:00:00.000Z'),
      stayFrom: ms('2026-03-02T09:00:00.000Z'),
      clockFrom: ms('2026-03-02T09:00:00.000Z'),
      revision: 2,
    });
  });

  it('starts the stay anew with each move, a step back included', () => {
    const row = card(
      opened('2026-03-01T09:00:00Z'),
      moved('2026-03-02T09:00:00Z', 'prospecting', 'proposal'),
      moved('2026-03-05T09:00:00Z', 'proposal', 'demo'),
    );
    const at = ms('2026-03-05T09:00:00Z');
    expect(only(['stage', 'enteredAt', 'stayFrom', 'touch', 'revision'], row)).toEqual({
      stage: 'demo',
      enteredAt: at,
      stayFrom: at,
      touch: at,
      revision: 2,
    });
  });

  it('leaves the board with a loss and comes back with the reopening', () => {
    const life = [
      opened('2026-03-01T09:00:00Z'),
      moved('2026-03-02T09:00:00Z', 'prospecting', 'demo'),
      lost('2026-03-03T09:00:00Z', 'demo', 'price'),
    ];
    expect(only(['status', 'stage', 'board', 'enteredAt', 'stayFrom'], card(...life))).toEqual({
      status: 'lost',
      stage: 'demo',
      board: null,
      enteredAt: null,
      stayFrom: null,
    });

    const again = card(...life, reopened('2026-03-09T09:00:00Z', 'demo'));
    expect(only(['status', 'stage', 'board', 'enteredAt', 'touch'], again)).toEqual({
      status: 'open',
      stage: 'demo',
      board: 'new-business',
      enteredAt: ms('2026-03-09T09:00:00Z'),
      touch: ms('2026-03-09T09:00:00Z'),
    });
  });

  it('stays on the board when it is won into a post-sale stage, and moves on among these', () => {
    const life = [opened('2026-03-01T09:00:00Z'), won('2026-03-04T09:00:00Z', 'prospecting', null, 'onboarding')];
    expect(only(['status', 'stage', 'board', 'enteredAt', 'touch'], card(...life))).toEqual({
      status: 'won',
      stage: 'onboarding',
      board: 'new-business',
      enteredAt: ms('2026-03-04T09:00:00Z'),
      touch: ms('2026-03-04T09:00:00Z'),
    });
    const later = card(...life, moved('2026-03-08T09:00:00Z', 'onboarding', 'referral'));
    expect(only(['status', 'stage', 'board'], later)).toEqual({
      status: 'won',
      stage: 'referral',
      board: 'new-business',
    });
  });

  it('leaves the board when it is won and there is no post-sale stage; a plain win is no touch', () => {
    const row = card(opened('2026-03-01T09:00:00Z'), won('2026-03-04T09:00:00Z', 'prospecting', null));
    expect(only(['status', 'board', 'enteredAt', 'touch'], row)).toEqual({
      status: 'won',
      board: null,
      enteredAt: null,
      touch: ms('2026-03-01T09:00:00Z'),
    });
  });

  it('is revived by a note that was recorded late, and never un-touched by one', () => {
    const life = [
      opened('2026-03-01T09:00:00Z'),
      noted('2026-03-05T09:00:00Z', 'called', { recordedAt: '2026-03-20T09:00:00Z' }),
    ];
    expect(card(...life)?.['touch']).toBe(ms('2026-03-05T09:00:00Z'));
    const late = noted('2026-03-02T09:00:00Z', 'met', { recordedAt: '2026-03-21T09:00:00Z' });
    expect(only(['touch', 'revision'], card(...life, late))).toEqual({
      touch: ms('2026-03-05T09:00:00Z'),
      revision: 2,
    });
  });

  it.each([
    ['everyone', 'north', 'everyone'],
    ['team', 'north', 'team:north'],
    ['team', null, 'user:ann'],
    ['owner', 'north', 'user:ann'],
  ] as const)('visible to %s with the team %s has the audience %s', (visibility, teamId, audience) => {
    expect(card(opened('2026-03-01T09:00:00Z', { visibility, teamId }))?.['audience']).toBe(audience);
  });

  it('changes its audience with its owner', () => {
    const life = [
      opened('2026-03-01T09:00:00Z', { visibility: 'team' }),
      assigned('2026-03-02T09:00:00Z', 'bob', 'south'),
    ];
    expect(only(['owner', 'team', 'audience'], card(...life))).toEqual({
      owner: 'bob',
      team: 'south',
      audience: 'team:south',
    });
  });

  it('passes over what a newer version wrote, but counts its revision', () => {
    const row = card(opened('2026-03-01T09:00:00Z'), unknown('2026-03-02T09:00:00Z'));
    expect(only(['stage', 'touch', 'revision'], row)).toEqual({
      stage: 'prospecting',
      touch: ms('2026-03-01T09:00:00Z'),
      revision: 1,
    });
  });

  it('refuses a stream that begins with something else than an opening', () => {
    expect(() => card(unknown('2026-03-02T09:00:00Z'))).toThrow('deal-d1: begins with DealTeleported');
    expect(() => card(noted('2026-03-02T09:00:00Z', 'early'))).toThrow('deal-d1: NoteAdded before DealOpened');
  });

  it('refuses money that is none rather than to count it as nothing', () => {
    expect(() => card(opened('2026-03-01T09:00:00Z', { value: { amount: '1e3', currency: 'EUR' } }))).toThrow(
      RangeError,
    );
  });
});
