import { activities } from '../contract/activities.js';
import { boards } from '../contract/boards.js';
import { closes } from '../contract/closes.js';
import { contacts } from '../contract/contacts.js';
import { conversions } from '../contract/conversions.js';
import { corrections } from '../contract/corrections.js';
import { dealDetails } from '../contract/deal-details.js';
import { deals } from '../contract/deals.js';
import { feed } from '../contract/feed.js';
import { funnels } from '../contract/funnels.js';
import { headers } from '../contract/headers.js';
import { histories } from '../contract/histories.js';
import { leadUpkeep } from '../contract/lead-upkeep.js';
import { leads } from '../contract/leads.js';
import { lists } from '../contract/lists.js';
import { moves } from '../contract/moves.js';
import { numbers } from '../contract/numbers.js';
import { performances } from '../contract/performance.js';
import { pipelineChanges } from '../contract/pipeline-changes.js';
import { pipelines } from '../contract/pipelines.js';
import { products } from '../contract/products.js';
import { replays } from '../contract/replays.js';
import { Session } from '../contract/session.js';
import { settings } from '../contract/settings.js';
import { standaloneActivities } from '../contract/standalone.js';
import { stalledDeals } from '../contract/stalled.js';
import { values } from '../contract/values.js';
import { merges } from '../contract/merges.js';
import { proposals } from '../contract/proposals.js';
import { switches } from '../contract/switches.js';
import { voids } from '../contract/voids.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { PAIRS, type RunningPair } from '../support/pairs.js';
import { type ServerProcess, startServer } from '../support/server-process.js';

/** The contract as a client developer reads it who has not seen the server. */
describe.each(PAIRS)('the contract, on $name,', (pair) => {
  let engines: RunningPair;
  let folder: DataFolder;
  let server: ServerProcess;
  let session: Session;
  const subject = (): Session => session;

  beforeAll(async () => {
    folder = dataFolder();
    engines = await pair.start();
    server = await startServer(folder.path, engines.environment);
    await pair.caughtUp(server.url);
    session = new Session(server.url);
  }, 600_000);
  afterAll(async () => {
    expect(await server.stop()).toBe(0);
    await engines.stop();
    folder.remove();
  });

  describe('on values', () => values(subject));
  describe('on headers', () => headers(subject));
  describe('on replays', () => replays(subject));
  describe('on pipelines', () => pipelines(subject));
  describe('on changes of pipelines', () => pipelineChanges(subject));
  describe('on leads', () => leads(subject));
  describe('on conversions', () => conversions(subject));
  describe('on deals', () => deals(subject));
  describe('on activities', () => activities(subject));
  describe('on details of deals', () => dealDetails(subject));
  describe('on proposals', () => proposals(subject));
  describe('on moves', () => moves(subject));
  describe('on closes', () => closes(subject));
  describe('on corrections', () => corrections(subject));
  describe('on merges', () => merges(subject));
  describe('on switches of the pipeline', () => switches(subject));
  describe('on voids', () => voids(subject));
  describe('on histories', () => histories(subject));
  describe('on lists', () => lists(subject));
  describe('on boards', () => boards(subject));
  describe('on stalled deals', () => stalledDeals(subject));
  describe('on funnels', () => funnels(subject));
  describe('on performance', () => performances(subject));
  describe('on the feed', () => feed(subject));
  describe('on contacts', () => contacts(subject));
  describe('on products', () => products(subject));
  describe('on activities that stand alone', () => standaloneActivities(subject));
  describe('on settings', () => settings(subject));
  describe('on the upkeep of leads', () => leadUpkeep(subject));
  // Thousands of questions; test/e2e/equivalence.e2e.spec.ts asks the stand-ins fewer.
  if (!pair.onStandIns) describe('on numbers', () => numbers(subject));
});
