import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidConfiguration, loadConfiguration } from './configuration.js';

describe('the configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'configuration-'));
  afterEach(() => rmSync(join(folder, '.env'), { force: true }));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has a default for everything', () => {
    expect(loadConfiguration({}, folder)).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      dataDir: './data',
      eventStore: { kind: 'sqlite' },
      viewStore: { kind: 'sqlite' },
      projections: 'embedded',
      adminApiKey: null,
      masterKey: null,
      lostKeys: 'refuse',
      logLevel: 'info',
    });
  });

  it('is read from .env, and the environment wins; a blank setting is none', () => {
    writeFileSync(join(folder, '.env'), 'PORT=4000\nHOST=0.0.0.0\nLOG_LEVEL=\n');
    expect(loadConfiguration({ PORT: '5000' }, folder)).toMatchObject({
      port: 5000,
      host: '0.0.0.0',
      logLevel: 'info',
    });
  });

  it('refuses what is unknown in .env, by name', () => {
    writeFileSync(join(folder, '.env'), 'PROT=4000\n');
    expect(() => loadConfiguration({}, folder)).toThrow(InvalidConfiguration);
    expect(() => loadConfiguration({}, folder)).toThrow('PROT');
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '80a'],
    ['PORT', '-1'],
    ['PROJECTIONS', 'both'],
    ['LOST_KEYS', 'yes'],
    ['EVENT_STORE', 'postgres'],
    ['VIEW_STORE', 'redis'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
    ['ADMIN_API_KEY', 'short'],
    ['ADMIN_API_KEY', 'a key with blanks in it'],
    ['MASTER_KEY', 'c2hvcnQ='],
    ['RATE_LIMIT', '0'],
  ])('refuses %s=%s with a sentence that names it', (name, value) => {
    expect(() => loadConfiguration({ [name]: value }, folder)).toThrow(InvalidConfiguration);
    expect(() => loadConfiguration({ [name]: value }, folder)).toThrow(name);
  });

  const MASTER_KEY = Buffer.alloc(32, 1).toString('base64');
  const EVENTS = { EVENT_STORE: 'eventstoredb', EVENT_STORE_URL: 'esdb://admin:s3cret@one,two:2113?tls=true' };
  const VIEWS = { VIEW_STORE: 'mongodb', VIEW_STORE_URL: 'mongodb://app:s3cret@one,two/crm?tls=true&replicaSet=rs0' };

  it('takes the servers with their URLs, credentials and TLS included, each on its own or both', () => {
    const [eventStore, viewStore] = [
      { kind: 'eventstoredb', url: EVENTS.EVENT_STORE_URL },
      { kind: 'mongodb', url: VIEWS.VIEW_STORE_URL },
    ];
    const sqlite = { kind: 'sqlite' };
    const load = (environment: object) => loadConfiguration({ MASTER_KEY, ...environment }, folder);
    expect(load({ ...EVENTS, ...VIEWS })).toMatchObject({ eventStore, viewStore });
    expect(load(EVENTS)).toMatchObject({ eventStore, viewStore: sqlite });
    expect(load(VIEWS)).toMatchObject({ eventStore: sqlite, viewStore });
  });

  it.each([
    ['EVENT_STORE_URL', { EVENT_STORE: 'eventstoredb' }],
    ['EVENT_STORE_URL', { ...EVENTS, EVENT_STORE_URL: 'http://admin:s3cret@one:2113' }],
    ['EVENT_STORE_URL', { ...EVENTS, EVENT_STORE: 'sqlite' }],
    ['VIEW_STORE_URL', { VIEW_STORE: 'mongodb' }],
    ['VIEW_STORE_URL', { ...VIEWS, VIEW_STORE_URL: 'app:s3cret@one:27017' }],
    ['VIEW_STORE_URL', { VIEW_STORE_URL: VIEWS.VIEW_STORE_URL }],
  ])('refuses a wrong %s by name, without what is in it', (name, environment) => {
    const load = (): unknown => loadConfiguration({ MASTER_KEY, ...environment }, folder);
    expect(load).toThrow(InvalidConfiguration);
    expect(load).toThrow(name);
    expect(load).not.toThrow('s3cret');
  });

  it.each([EVENTS, VIEWS])('asks for MASTER_KEY, which no folder of one host can hold, with %j', (environment) => {
    expect(() => loadConfiguration(environment, folder)).toThrow(/^MASTER_KEY/u);
  });

  it('does not repeat a wrong secret', () => {
    const secret = 'a key with blanks in it';
    expect(() => loadConfiguration({ ADMIN_API_KEY: secret }, folder)).not.toThrow(secret);
  });
});
