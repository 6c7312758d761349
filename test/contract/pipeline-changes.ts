import {
  CARE,
  createPipeline,
  dealNow,
  onDeal,
  OPEN_STAGES,
  openDeal,
  type Pipeline,
  qualifiedLead,
} from './sales-floor.js';
import { done, eur, expectInvalid, expectProblem, POSITION, UUID } from './shapes.js';
import { type Subject } from './session.js';

const UNKNOWN = '01890f3a-7c4e-7abc-8def-0123456789ac';

export function pipelineChanges(subject: Subject): void {
  const create = (): Promise<Pipeline> => createPipeline(subject(), [...OPEN_STAGES, CARE]);
  const on = (id: string, command: string, body: object, headers: Record<string, string> = {}) =>
    subject().post(`/v1/pipelines/${id}/${command}`, body, { headers });
  const read = (id: string, query = '') => done(subject().get(`/v1/pipelines/${id}${query}`));
  const names = async (id: string, query = '') =>
    (await read(id, query)).stages.map((stage: any) => `${stage.rank} ${stage.name}`);

  describe('add-stage', () => {
    it('puts a stage behind another, or last of its kind, with defaults filled in', async () => {
      const { id, stages } = await create();
      const trial = { name: 'Trial', probability: 0.5 };
      const added = await done(on(id, 'add-stage', { stage: trial, after: stages[0] }));
      expect(added).toEqual({ id, revision: 1, position: POSITION, stageId: UUID });
      await done(on(id, 'add-stage', { stage: { name: 'Contract', probability: 0.9 } }));
      await done(on(id, 'add-stage', { stage: { name: 'Referral', kind: 'post-sale', probability: 1 } }));
      expect(await names(id)).toEqual(['1 Talk', '2 Trial', '3 Demo', '4 Offer', '5 Contract', '6 Care', '7 Referral']);
      const { version, revision, stages: now } = await read(id);
      expect([version, revision]).toEqual([4, 3]);
      expect(now[1]).toEqual({
        id: added.stageId,
        name: 'Trial',
        kind: 'open',
        rank: 2,
        probability: 0.5,
        rottenAfter: null,
        maxStay: null,
        coverHorizon: null,
        forecastCategory: 'pipeline',
        gates: [],
        retired: false,
        relocatedTo: null,
        relocating: null,
        probabilityFrom: 'fixed',
        historical: null,
        playbook: [],
      });
    });

    it('under a key adds one stage, however often it is sent', async () => {
      const { id } = await create();
      const body = { stage: { name: 'Trial', probability: 0.5 } };
      const first = await on(id, 'add-stage', body, { 'Idempotency-Key': 'add' });
      const second = await on(id, 'add-stage', body, { 'Idempotency-Key': 'add' });
      expect([second.status, second.body]).toEqual([200, first.body]);
      expect((await read(id)).stages).toHaveLength(5);
    });

    it('is refused for what is wrong', async () => {
      const { id, stages } = await create();
      const add = (stage: object, more: object = {}) => on(id, 'add-stage', { stage, ...more });
      const trial = { name: 'Trial', probability: 0.5 };
      expectInvalid(await on(id, 'add-stage', {}), '/stage');
      expectInvalid(await add({ name: 'Trial' }), '/stage/probability');
      expectInvalid(await add({ ...trial, colour: 'red' }), '/stage/colour');
      expectInvalid(await add({ ...trial, name: 'Demo' }), '/stage/name');
      expectInvalid(await add(trial, { after: stages[3] }), '/after');
      expectInvalid(await add(trial, { after: 'Demo' }), '/after');
      expectInvalid(await add(trial, { occurredAt: '2024-01-01T00:00:00Z' }), '/occurredAt');
      expectProblem(await add(trial, { after: UNKNOWN }), 409, 'unknown-stage');
      expectProblem(await add({ ...trial, id: stages[1] }), 409, 'id-already-used');
      expectProblem(await on(UNKNOWN, 'add-stage', { stage: trial }), 404, 'not-found');
    });
  });

  describe('rename-stage and rename', () => {
    it('change the names from now on', async () => {
      const { id, stages } = await create();
      await done(on(id, 'rename-stage', { stageId: stages[1], name: 'Show' }));
      const renamed = await done(on(id, 'rename', { name: 'Old business' }));
      expect(renamed).toEqual({ id, revision: 2, position: POSITION });
      expect(await names(id)).toEqual(['1 Talk', '2 Show', '3 Offer', '4 Care']);
      expect(await read(id)).toMatchObject({ name: 'Old business', version: 3 });
      const { items } = await done(subject().get('/v1/pipelines?limit=200'));
      expect(items.find((item: any) => item.id === id)).toMatchObject({ name: 'Old business' });
      const board = await done(subject().get(`/v1/boards/${id}`));
      expect(board.columns.map((column: any) => column.name)).toEqual(['Talk', 'Show', 'Offer', 'Care']);
      expect(await done(on(id, 'rename', { name: 'Old business' }))).toEqual(renamed);
    });

    it('are refused for what is wrong', async () => {
      const { id, stages } = await create();
      expectInvalid(await on(id, 'rename', { name: '' }), '/name');
      expectInvalid(await on(id, 'rename-stage', { stageId: stages[0], name: 'Demo' }), '/name');
      expectInvalid(await on(id, 'rename-stage', { name: 'Show' }), '/stageId');
      expectProblem(await on(id, 'rename-stage', { stageId: UNKNOWN, name: 'Show' }), 409, 'unknown-stage');
      expectProblem(await on(UNKNOWN, 'rename', { name: 'Show' }), 404, 'not-found');
    });
  });

  describe('reorder-stages', () => {
    it('changes ranks from now on; what went before keeps its board', async () => {
      const { id, stages } = await create();
      const [talk, demo, offer, care] = stages;
      const deal = await openDeal(subject(), { id, stages }, { stageId: offer, value: eur('100') });
      const before = new Date().toISOString();
      await done(on(id, 'reorder-stages', { stageIds: [offer, talk, demo, care] }));
      expect(await names(id)).toEqual(['1 Offer', '2 Talk', '3 Demo', '4 Care']);
      expect(await names(id, `?asOf=${encodeURIComponent(before)}`)).toEqual(['1 Talk', '2 Demo', '3 Offer', '4 Care']);
      const moved = await onDeal(subject(), deal.id, 'move-stage', { toStageId: demo });
      expect(moved).toMatchObject({ direction: 'forward', from: { rank: 1 }, to: { rank: 3 }, pipelineVersion: 2 });
      const columns = async (query = '') =>
        (await done(subject().get(`/v1/boards/${id}${query}`))).columns.map(
          (column: any) => `${column.name} ${column.count}`,
        );
      expect(await columns()).toEqual(['Offer 0', 'Talk 0', 'Demo 1', 'Care 0']);
      expect(await columns(`?asOf=${encodeURIComponent(before)}`)).toEqual(['Talk 0', 'Demo 0', 'Offer 1', 'Care 0']);
    });

    it('is refused for what is wrong', async () => {
      const { id, stages } = await create();
      const [talk, demo, offer, care] = stages;
      const reorder = (stageIds: unknown) => on(id, 'reorder-stages', { stageIds });
      for (const wrong of [[], [talk, demo, offer], [talk, talk, demo, offer, care], [care, talk, demo, offer], 'x']) {
        expectInvalid(await reorder(wrong), '/stageIds');
      }
      expectInvalid(await reorder([talk, 'demo', offer, care]), '/stageIds/1');
      expectProblem(await reorder([talk, demo, offer, UNKNOWN]), 409, 'unknown-stage');
    });
  });

  describe('set-move-rules', () => {
    it('holds from the next move on', async () => {
      const { id, stages } = await create();
      const [talk, demo, offer] = stages;
      const deal = await openDeal(subject(), { id, stages });
      await done(on(id, 'set-move-rules', { skips: false, stepsBack: false }));
      const move = (toStageId: string | undefined) => subject().post(`/v1/deals/${deal.id}/move-stage`, { toStageId });
      expectProblem(await move(offer), 409, 'skip-forbidden', { fromStageId: talk, toStageId: offer });
      await done(move(demo));
      expectProblem(await move(talk), 409, 'step-back-forbidden', { fromStageId: demo, toStageId: talk });
      await done(on(id, 'set-move-rules', { skips: true, stepsBack: true }));
      await done(move(talk));
    });

    it('sets the win gates too, and leaves them when they are not named', async () => {
      const { id, stages } = await create();
      const winGates = [{ type: 'field', field: 'value' }];
      await done(on(id, 'set-move-rules', { skips: true, stepsBack: true, winGates }));
      await done(on(id, 'set-move-rules', { skips: false, stepsBack: true }));
      expect(await read(id)).toMatchObject({ winGates, moveRules: { skips: false, stepsBack: true }, version: 3 });
      const deal = await openDeal(subject(), { id, stages });
      const refused = await subject().post(`/v1/deals/${deal.id}/win`, {});
      expectProblem(refused, 409, 'gate-not-met', { stageId: stages[0], missing: winGates });
      await onDeal(subject(), deal.id, 'change-value', { value: eur('100') });
      await onDeal(subject(), deal.id, 'win');
    });

    it('is refused for what is wrong', async () => {
      const { id } = await create();
      expectInvalid(await on(id, 'set-move-rules', { skips: true }), '/stepsBack');
      expectInvalid(await on(id, 'set-move-rules', { skips: 1, stepsBack: true }), '/skips');
      const gates = await on(id, 'set-move-rules', { skips: true, stepsBack: true, winGates: [{ type: 'luck' }] });
      expectInvalid(gates, '/winGates/0/type');
    });
  });

  describe('retire-stage', () => {
    it('relocates the deals of the stage, and says how many are left', async () => {
      const { id, stages } = await create();
      const [talk, demo] = stages;
      const deal = await openDeal(subject(), { id, stages }, { stageId: demo });
      const lost = await openDeal(subject(), { id, stages }, { stageId: demo });
      await onDeal(subject(), lost.id, 'lose', { reason: 'price' });
      const retired = await done(on(id, 'retire-stage', { stageId: demo, relocateTo: talk }));
      expect(retired).toEqual({ id, revision: 1, position: POSITION });
      expect((await read(id)).stages[1]).toMatchObject({ retired: true, relocatedTo: talk, rank: 2 });
      let left: unknown;
      do left = (await read(id)).stages[1].relocating.left;
      while (left !== 0);
      const relocated = await dealNow(subject(), deal.id);
      expect(relocated).toMatchObject({ stageId: talk, status: 'open' });
      expect(relocated.visits.map(({ entry, exit }: any) => [entry, exit])).toEqual([
        ['opened', 'relocated'],
        ['relocated', null],
      ]);
      expect(relocated.stall.lastTouch.type).toBe('DealOpened');
      // A reopening puts it back into the retired stage, and it is taken on from there.
      await onDeal(subject(), lost.id, 'reopen');
      let stageId: unknown;
      do ({ stageId } = await dealNow(subject(), lost.id));
      while (stageId !== talk);
      expect(await done(on(id, 'retire-stage', { stageId: demo, relocateTo: talk }))).toEqual(retired);
    });

    it('closes the stage to every deal', async () => {
      const { id, stages } = await create();
      const [talk, demo, offer] = stages;
      const deal = await openDeal(subject(), { id, stages });
      await done(on(id, 'retire-stage', { stageId: demo, relocateTo: offer }));
      const move = await subject().post(`/v1/deals/${deal.id}/move-stage`, { toStageId: demo });
      expectProblem(move, 409, 'stage-retired');
      const open = await subject().post('/v1/deals', { title: 'D', pipelineId: id, stageId: demo });
      expectProblem(open, 409, 'stage-retired');
      expectProblem(await on(id, 'rename-stage', { stageId: demo, name: 'Show' }), 409, 'stage-retired');
      await done(on(id, 'set-move-rules', { skips: false, stepsBack: true }));
      // What is retired is not skipped.
      await onDeal(subject(), deal.id, 'move-stage', { toStageId: offer });
      await done(on(id, 'reorder-stages', { stageIds: [offer, talk, stages[3]] }));
      expect(await names(id)).toEqual(['1 Offer', '2 Talk', '3 Demo', '4 Care']);
      const board = await done(subject().get(`/v1/boards/${id}`));
      expect(board.columns.map((column: any) => column.name)).toEqual(['Offer', 'Talk', 'Care']);
    });

    it('is refused for what is wrong', async () => {
      const { id, stages } = await create();
      const [talk, demo, offer, care] = stages;
      const retire = (stageId: unknown, relocateTo: unknown) => on(id, 'retire-stage', { stageId, relocateTo });
      expectInvalid(await retire('Demo', talk), '/stageId');
      expectInvalid(await retire(demo, undefined), '/relocateTo');
      expectInvalid(await retire(demo, demo), '/relocateTo');
      expectProblem(await retire(UNKNOWN, talk), 409, 'unknown-stage');
      expectProblem(await retire(demo, UNKNOWN), 409, 'unknown-stage');
      expectProblem(await retire(demo, care), 409, 'wrong-stage-kind');
      expectProblem(await retire(care, demo), 409, 'wrong-stage-kind');
      await done(retire(demo, talk));
      expectProblem(await retire(demo, offer), 409, 'stage-retired');
      expectProblem(await retire(talk, demo), 409, 'stage-retired');
      await done(retire(talk, offer));
      expectProblem(await retire(offer, talk), 409, 'wrong-stage-kind');
    });
  });

  describe('retire', () => {
    it('relocates the deals of every stage to another pipeline, and closes it', async () => {
      const [{ id, stages }, target] = [await create(), await create()];
      const deal = await openDeal(subject(), { id, stages }, { stageId: stages[1] });
      const mapping = stages.map((from, index) => ({ from, to: target.stages[index === 3 ? 3 : 0] }));
      const retired = await done(on(id, 'retire', { mapping }));
      expect(retired).toEqual({ id, revision: 1, position: POSITION });
      expect(await read(id)).toMatchObject({ retired: true, version: 2 });
      let pipelineId: unknown;
      do ({ pipelineId } = await dealNow(subject(), deal.id));
      while (pipelineId !== target.id);
      expect(await dealNow(subject(), deal.id)).toMatchObject({ stageId: target.stages[0], status: 'open' });
      const open = await subject().post('/v1/deals', { title: 'D', pipelineId: id });
      expectProblem(open, 409, 'pipeline-retired');
      const lead = await qualifiedLead(subject());
      const convert = await subject().post(`/v1/leads/${lead}/convert`, { pipelineId: id });
      expectProblem(convert, 409, 'pipeline-retired');
      expectProblem(await on(id, 'rename', { name: 'N' }), 409, 'pipeline-retired');
      expect(await done(on(id, 'retire', { mapping }))).toEqual(retired);
    });

    it('is refused for what is wrong', async () => {
      const [{ id, stages }, target] = [await create(), await create()];
      const [talk, demo] = stages;
      const to = target.stages[0];
      const retire = (mapping: unknown) => on(id, 'retire', { mapping });
      expectInvalid(await retire([]), '/mapping');
      expectInvalid(await retire([{ from: talk, to }]), '/mapping');
      expectInvalid(await retire([{ from: talk, to: demo }]), '/mapping/0/to');
      expectInvalid(await retire([{ from: talk }]), '/mapping/0/to');
      expectProblem(await retire([{ from: talk, to: UNKNOWN }]), 409, 'unknown-stage');
      expectProblem(await retire([{ from: UNKNOWN, to }]), 409, 'unknown-stage');
      expectProblem(await retire([{ from: talk, to: target.stages[3] }]), 409, 'wrong-stage-kind');
      expectProblem(await on(UNKNOWN, 'retire', { mapping: [{ from: talk, to }] }), 404, 'not-found');
    });
  });

  describe('the historical probability', () => {
    it('weighs deals once enough were closed, and the fixed one until then', async () => {
      const pipeline = await create();
      const { id, stages } = pipeline;
      const [talk, demo] = stages;
      const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
      await done(on(id, 'set-stage-policy', { stageId: demo, probabilityFrom: 'historical' }));
      expect((await read(id)).stages[1]).toMatchObject({
        probability: 0.4,
        probabilityFrom: 'historical',
        historical: { value: null, n: 0 },
      });
      for (let n = 0; n < 5; n++) {
        const deal = await openDeal(subject(), pipeline, { stageId: demo, occurredAt: ago(20) });
        if (n === 0) await onDeal(subject(), deal.id, 'win', { occurredAt: ago(10) });
        else await onDeal(subject(), deal.id, 'lose', { reason: 'price', occurredAt: ago(10) });
      }
      // Another version is counted anew.
      await done(on(id, 'set-stage-policy', { stageId: talk, probability: 0.2 }));
      const value = { amount: '100.00', currency: 'EUR' };
      const deal = await openDeal(subject(), pipeline, { stageId: demo, value });
      await openDeal(subject(), pipeline, { stageId: talk, value });
      expect((await read(id)).stages[1].historical).toEqual({ value: 0.2, n: 5 });
      expect((await dealNow(subject(), deal.id)).weightedValue).toEqual(eur('20.00'));
      const board = await done(subject().get(`/v1/boards/${id}`));
      expect(board.columns.map((column: any) => column.weightedValue)).toEqual([
        [eur('20.00')],
        [eur('20.00')],
        [],
        [],
      ]);
      await done(on(id, 'set-stage-policy', { stageId: demo, probabilityFrom: 'fixed' }));
      expect((await dealNow(subject(), deal.id)).probability).toEqual({ value: 0.4, from: 'stage' });
      expectInvalid(await on(id, 'set-stage-policy', { stageId: demo, probabilityFrom: 'guess' }), '/probabilityFrom');
    });
  });

  describe('the playbook of a stage', () => {
    it('is planned on each deal that enters it', async () => {
      const { id, stages } = await create();
      const playbook = [{ kind: 'call', subject: 'First call', afterDays: 3 }];
      await done(on(id, 'set-stage-policy', { stageId: stages[1], playbook }));
      expect((await read(id)).stages[1]).toMatchObject({ playbook });
      const occurredAt = '2024-03-01T09:00:00.000Z';
      const deal = await openDeal(subject(), { id, stages }, { stageId: stages[1], ownerId: 'u-7', occurredAt });
      let activities: unknown[];
      do ({ activities } = await dealNow(subject(), deal.id));
      while (activities.length === 0);
      expect(activities).toEqual([
        expect.objectContaining({
          activityId: UUID,
          kind: 'call',
          subject: 'First call',
          status: 'planned',
          dueAt: '2024-03-04T09:00:00.000Z',
          assigneeId: 'u-7',
        }),
      ]);
    });

    it('is refused for what is wrong', async () => {
      const { id, stages } = await create();
      const set = (step: object) => on(id, 'set-stage-policy', { stageId: stages[0], playbook: [step] });
      expectInvalid(await set({ kind: 'lunch', subject: 'L', afterDays: 1 }), '/playbook/0/kind');
      expectInvalid(await set({ kind: 'call', subject: '', afterDays: 1 }), '/playbook/0/subject');
      expectInvalid(await set({ kind: 'call', subject: 'C', afterDays: -1 }), '/playbook/0/afterDays');
      expectInvalid(await set({ kind: 'call', subject: 'C' }), '/playbook/0/afterDays');
    });
  });

  describe('gates that ask for proof', () => {
    const gates = [
      { type: 'evidence', kind: 'signed-contract' },
      { type: 'proposal', status: 'accepted' },
    ];

    it('open to a linked file that proves it', async () => {
      const { id, stages } = await create();
      const [talk, demo] = stages;
      const contract = gates[0];
      await done(on(id, 'set-stage-policy', { stageId: demo, gates: [contract] }));
      await done(on(id, 'set-move-rules', { skips: true, stepsBack: true, winGates: gates }));
      const deal = await openDeal(subject(), { id, stages });
      const move = () => subject().post(`/v1/deals/${deal.id}/move-stage`, { toStageId: demo });
      expectProblem(await move(), 409, 'gate-not-met', { stageId: demo, missing: [contract] });
      const win = await subject().post(`/v1/deals/${deal.id}/win`, {});
      expectProblem(win, 409, 'gate-not-met', { stageId: talk, missing: gates });
      const file = { name: 'Contract', uri: 'https://files.example/1', kind: 'signed-contract' };
      await onDeal(subject(), deal.id, 'link-file', { ...file, sha256: 'a'.repeat(64) });
      expect((await dealNow(subject(), deal.id)).files).toEqual([{ ...file, sha256: 'a'.repeat(64) }]);
      await done(move());
    });

    it('are refused for what is wrong, and so are files', async () => {
      const { id, stages } = await create();
      const set = (gate: object) => on(id, 'set-stage-policy', { stageId: stages[0], gates: [gate] });
      expectInvalid(await set({ type: 'evidence', kind: 'hearsay' }), '/gates/0/kind');
      expectInvalid(await set({ type: 'proposal', status: 'sent' }), '/gates/0/status');
      const deal = await openDeal(subject(), { id, stages });
      const link = (body: object) => subject().post(`/v1/deals/${deal.id}/link-file`, body);
      expectInvalid(await link({ name: 'F' }), '/uri');
      for (const uri of ['file', '', 'javascript:alert(1)', 'https://a b', 7]) {
        expectInvalid(await link({ name: 'F', uri }), '/uri');
      }
      const uri = 'https://files.example/1';
      expectInvalid(await link({ name: '', uri }), '/name');
      expectInvalid(await link({ name: 'F', uri, sha256: 'abc' }), '/sha256');
      expectInvalid(await link({ name: 'F', uri, kind: 'hearsay' }), '/kind');
    });
  });
}
