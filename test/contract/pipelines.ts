import { done, expectInvalid, expectProblem, POSITION, UUID } from './shapes.js';
import { type Subject } from './session.js';
import { CARE, createPipeline, OPEN_STAGES, openDeal } from './sales-floor.js';

const UNKNOWN = '01890f3a-7c4e-7abc-8def-0123456789ac';

export function pipelines(subject: Subject): void {
  const post = (body: object) => subject().post('/v1/pipelines', body);
  const read = (id: string) => done(subject().get(`/v1/pipelines/${id}`));
  const stage = (more: object) => post({ name: 'P', stages: [{ name: 'Talk', probability: 0.1, ...more }] });

  it('are created of own stages, with every default filled in', async () => {
    const created = await post({ name: 'Own', stages: [...OPEN_STAGES, CARE] });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({ id: UUID, revision: 0, position: POSITION });
    expect(created.headers.get('location')).toBe(`/v1/pipelines/${created.body.id}`);
    const made = (name: string, kind: string, rank: number, probability: number) => ({
      id: UUID,
      name,
      kind,
      rank,
      probability,
      rottenAfter: null,
      maxStay: null,
      coverHorizon: null,
      forecastCategory: expect.stringMatching(/^(?:pipeline|omitted)$/u),
      gates: [],
      retired: false,
      relocatedTo: null,
      relocating: null,
      probabilityFrom: 'fixed',
      historical: null,
      playbook: [],
    });
    expect(await read(created.body.id)).toEqual({
      id: created.body.id,
      revision: 0,
      version: 1,
      name: 'Own',
      retired: false,
      moveRules: { skips: true, stepsBack: true },
      winGates: [],
      stages: [
        { ...made('Talk', 'open', 1, 0.1), forecastCategory: 'pipeline' },
        made('Demo', 'open', 2, 0.4),
        made('Offer', 'open', 3, 0.6),
        made('Care', 'post-sale', 4, 1),
      ],
    });
  });

  it('keep what was given, to the letter', async () => {
    const id = '01890f3a-7c4e-7abc-8def-00000000aaaa';
    const stageId = '01890f3a-7c4e-7abc-8def-00000000bbbb';
    const given = {
      id: stageId,
      name: 'Demo',
      kind: 'open',
      probability: 0.4,
      rottenAfter: 'P14D',
      maxStay: 'PT36H',
      coverHorizon: { businessDays: 10 },
      forecastCategory: 'best-case',
      gates: [
        { type: 'field', field: 'value' },
        { type: 'activity', kind: 'demo' },
        { type: 'contact', kind: 'person' },
        { type: 'criteria', min: 3 },
      ],
    };
    const moveRules = { skips: false, stepsBack: false };
    const winGates = [{ type: 'contact', kind: 'organization' }];
    expect((await post({ id, name: 'Given', stages: [given], moveRules, winGates })).body.id).toBe(id);
    const { stages, ...pipeline } = await read(id);
    expect(pipeline).toMatchObject({ moveRules, winGates, version: 1 });
    expect(stages).toEqual([
      {
        ...given,
        rank: 1,
        retired: false,
        relocatedTo: null,
        relocating: null,
        probabilityFrom: 'fixed',
        historical: null,
        playbook: [],
      },
    ]);
    expectProblem(await post({ id, name: 'Again', stages: [given] }), 409, 'id-already-used');
  });

  it.each([
    ['traditional', [0.1, 0.2, 0.4, 0.6, 0.8], 1],
    ['real-estate', [NaN, NaN, NaN, NaN, NaN], 1],
    ['financial-services', [NaN, NaN, NaN, NaN], 0],
    ['startup', [NaN, NaN, NaN, NaN], 1],
  ])('may be of the template %s', async (template, probabilities, postSale) => {
    const { id } = await done(post({ name: 'T', template }), 201);
    const { stages } = await read(id);
    const open = stages.filter((one: any) => one.kind === 'open');
    expect(stages).toHaveLength(probabilities.length + postSale);
    expect(open).toHaveLength(probabilities.length);
    expect(stages.map((one: any) => one.rank)).toEqual(stages.map((_: unknown, at: number) => at + 1));
    if (template === 'traditional') {
      expect(open.map((one: any) => one.probability)).toEqual(probabilities);
      expect(stages.map((one: any) => one.name)).toEqual([
        'Prospecting',
        'Lead qualification',
        'Demo or meeting',
        'Proposal',
        'Negotiation and commitment',
        'Post-purchase',
      ]);
    }
  });

  it('are refused when a stage is wrong', async () => {
    for (const rottenAfter of ['P1M', 'PT30M', '14D', '-P1D', 14, { businessDays: 1.5 }, { days: 3 }, '']) {
      expectInvalid(await stage({ rottenAfter }), '/stages/0/rottenAfter');
    }
    for (const probability of [0.12345, 2, '0.5', null]) {
      expectInvalid(await stage({ probability }), '/stages/0/probability');
    }
    expectInvalid(await stage({ kind: 'won' }), '/stages/0/kind');
    expectInvalid(await stage({ forecastCategory: 'sure' }), '/stages/0/forecastCategory');
    expectInvalid(await stage({ name: '' }), '/stages/0/name');
    expectInvalid(await stage({ colour: 'red' }), '/stages/0/colour');
    for (const gate of [{ type: 'luck' }, { type: 'criteria', min: 5 }, { type: 'contact', kind: 'dog' }, 'value']) {
      const { status, body } = await stage({ gates: [gate] });
      expect([status, body.errors[0].path]).toEqual([400, expect.stringMatching(/^\/stages\/0\/gates\/0/u)]);
    }
  });

  it('have 1 to 50 stages, post-sale ones last', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `S${n}`, probability: 0.5 }));
    expectInvalid(await post({ name: 'None', stages: [] }), '/stages');
    expectInvalid(await post({ name: 'Many', stages: many(51) }), '/stages');
    expect((await createPipeline(subject(), many(50))).stages).toHaveLength(50);
    expect((await post({ name: 'Care first', stages: [CARE, ...OPEN_STAGES] })).status).toBe(400);
  });

  it('are refused without stages or template, with both, and with what nobody knows', async () => {
    expect((await post({ name: 'None' })).status).toBe(400);
    expect((await post({ name: 'Both', template: 'startup', stages: OPEN_STAGES })).status).toBe(400);
    expectInvalid(await post({ name: 'T', template: 'unknown' }), '/template');
    expectInvalid(await post({ stages: OPEN_STAGES }), '/name');
    expectInvalid(await post({ name: 'P', stages: OPEN_STAGES, occurredAt: '2024-01-01T00:00:00Z' }), '/occurredAt');
    expectInvalid(await post({ name: 'P', stages: OPEN_STAGES, moveRules: { skips: 'no' } }), '/moveRules/skips');
    expectProblem(await subject().get(`/v1/pipelines/${UNKNOWN}`), 404, 'not-found');
  });

  describe('set-stage-policy', () => {
    it('changes what is named, clears what is null, and makes a version', async () => {
      const full = { name: 'Talk', probability: 0.1, rottenAfter: 'P14D', maxStay: 'P30D', coverHorizon: 'P7D' };
      const { id, stages } = await createPipeline(subject(), [{ ...full, gates: [{ type: 'field', field: 'value' }] }]);
      const set = (body: object) => subject().post(`/v1/pipelines/${id}/set-stage-policy`, body);
      const stageId = stages[0];
      const first = await set({ stageId, probability: 0.25, maxStay: null });
      expect(first.status).toBe(200);
      expect(first.body).toEqual({ id, revision: 1, position: POSITION });
      expect(first.headers.get('etag')).toBe('"1"');
      const after = await read(id);
      expect(after).toMatchObject({ revision: 1, version: 2 });
      expect(after.stages[0]).toMatchObject({
        probability: 0.25,
        maxStay: null,
        rottenAfter: 'P14D',
        coverHorizon: 'P7D',
        gates: [{ type: 'field', field: 'value' }],
      });
      expect((await set({ stageId, probability: 0.25 })).body).toEqual(first.body);
      await done(set({ stageId, rottenAfter: { businessDays: 3 }, coverHorizon: null, gates: [] }));
      await done(set({ stageId, forecastCategory: 'commit' }));
      const last = await read(id);
      expect(last).toMatchObject({ revision: 3, version: 4 });
      expect(last.stages[0]).toMatchObject({
        rottenAfter: { businessDays: 3 },
        coverHorizon: null,
        gates: [],
        forecastCategory: 'commit',
      });
    });

    it('reaches open deals at once, and keeps the version that a deal moved under', async () => {
      const pipeline = await createPipeline(subject());
      const { id } = await openDeal(subject(), pipeline, { value: { amount: '100', currency: 'EUR' } });
      await done(
        subject().post(`/v1/pipelines/${pipeline.id}/set-stage-policy`, {
          stageId: pipeline.stages[0],
          probability: 0.5,
          rottenAfter: 'P1D',
        }),
      );
      const deal = await done(subject().get(`/v1/deals/${id}`));
      expect(deal.weightedValue.amount).toBe('50.00');
      expect(deal.probability).toEqual({ value: 0.5, from: 'stage' });
      expect(deal.stall).toMatchObject({ rottenAfter: 'P1D', policyVersion: 2 });
      expect(deal.visits[0].pipelineVersion).toBe(1);
    });

    it('is refused for what is wrong', async () => {
      const { id, stages } = await createPipeline(subject());
      const set = (body: object, pipeline = id) => subject().post(`/v1/pipelines/${pipeline}/set-stage-policy`, body);
      const stageId = stages[0];
      expectInvalid(await set({ probability: 0.5 }), '/stageId');
      expectInvalid(await set({ stageId, probability: null }), '/probability');
      expectInvalid(await set({ stageId, name: 'Other' }), '/name');
      expectInvalid(await set({ stageId, occurredAt: '2024-01-01T00:00:00Z' }), '/occurredAt');
      expectProblem(await set({ stageId: UNKNOWN, probability: 0.5 }), 409, 'unknown-stage');
      expectProblem(await set({ stageId, probability: 0.5 }, UNKNOWN), 404, 'not-found');
      const stale = await subject().post(
        `/v1/pipelines/${id}/set-stage-policy`,
        { stageId, probability: 0.5 },
        { headers: { 'If-Match': '"3"' } },
      );
      expectProblem(stale, 412, 'stale-revision', { expected: 3, actual: 0, since: [] });
    });
  });
}
