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
      projections: 'embedded',
      adminApiKey: null,
      masterKey: null,
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

  it('does not repeat a wrong secret', () => {
    const secret = 'a key with blanks in it';
    expect(() => loadConfiguration({ ADMIN_API_KEY: secret }, folder)).not.toThrow(secret);
  });
});
