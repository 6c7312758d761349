import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { startStandIns, type StandIns } from '../support/pairs.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

describe('a command whose answer EventStoreDB never gave, though it was written', () => {
  let folder: DataFolder;
  let engines: StandIns;
  let server: ServerProcess;
  let client: Client;

  beforeAll(async () => {
    folder = dataFolder();
    engines = await startStandIns();
    server = await startServer(folder.path, { ...engines.environment, PROJECTIONS: 'external' });
    client = new Client(server.url);
  });
  afterAll(async () => {
    await server.kill();
    await engines.stop();
    folder.remove();
  });

  const lead = { title: 'Boiler', person: { name: 'Ada' } };
  const under = (key: string) => client.post('/v1/leads', lead, { headers: { 'Idempotency-Key': key } });
  const eventsOf = async (id: string) =>
    (await client.get(`/v1/leads/${id}/events`)).body.items.map(({ type }: any) => type);

  it('is sent again by the server, and answered as if nothing had happened', async () => {
    await engines.events({ kind: 'suffer', faults: { dropAfterWrite: 2 } });
    const first = await under('cut');
    expect(first.status).toBe(201);
    expect(await eventsOf(first.body.id)).toEqual(['LeadCaptured']);
    const again = await under('cut');
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
  });

  it('has an unknown outcome while that goes on, and the same key tells it later: the first answer, one event', async () => {
    await engines.events({ kind: 'suffer', faults: { swallowAnswers: 1_000 } });
    const unknown = await under('swallowed');
    expect([unknown.status, unknown.body.code]).toEqual([503, 'outcome-unknown']);
    expect(unknown.headers.get('retry-after')).toBe('1');
    await engines.events({ kind: 'recover' });
    const told = await under('swallowed');
    expect([told.status, told.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(await eventsOf(told.body.id)).toEqual(['LeadCaptured']);
    expect((await under('swallowed')).body).toEqual(told.body);
  });
});
