import { existsSync, readFileSync } from 'node:fs';
import { loadConfiguration } from '#platform/configuration.js';

const read = (path: string): string => readFileSync(path, 'utf8');
const compose = read('docker-compose.yml');
const dockerfile = read('Dockerfile');
const workflow = read('.github/workflows/ci.yml');

/** What the shell gives for `${NAME:-default}` and `${NAME:?reason}`. */
const GIVEN: Readonly<Record<string, string>> = {
  MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  ADMIN_API_KEY: '0123456789abcdef',
};

/** The settings that the processes get from the compose file. */
function environment(): Record<string, string> {
  const block = /^x-environment:.*\n((?: {2}.+\n)+)/mu.exec(compose)?.[1] ?? '';
  const pairs = [...block.matchAll(/^ {2}([A-Z_]+): (.*)$/gmu)].map(([, name = '', value = '']) => {
    const variable = /^\$\{([A-Z_]+):\?.*\}$/u.exec(value)?.[1];
    return [name, variable === undefined ? value : (GIVEN[variable] ?? '')] as const;
  });
  return Object.fromEntries(pairs);
}

describe('what is deployed', () => {
  it('is configured by settings that there are', () => {
    const configuration = loadConfiguration({ ...environment(), HOST: '0.0.0.0', DATA_DIR: '/data' }, '/nowhere');
    expect(configuration).toMatchObject({
      eventStore: { kind: 'eventstoredb', url: 'esdb://eventstoredb:2113?tls=false' },
      viewStore: { kind: 'mongodb', url: 'mongodb://mongodb:27017/?replicaSet=rs0' },
      projections: 'external',
    });
    // Every one of them is read: the same names in a .env file would be refused otherwise.
    const source = read('libs/platform/configuration.ts');
    for (const name of Object.keys(environment())) expect(source).toContain(`'${name}',`);
  });

  it('starts programs that the build makes', () => {
    const programs = [...(dockerfile + compose).matchAll(/dist\/apps\/[a-z/-]+\.js/gu)].map(([path]) => path);
    expect(new Set(programs)).toEqual(new Set(['dist/apps/api/main.js', 'dist/apps/projector/main.js']));
    for (const path of programs) expect(existsSync(path)).toBe(true);
  });

  it('copies into the image nothing that the context leaves out', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gmu)].flatMap(([, paths = '']) =>
      paths.split(' '),
    );
    expect(copied.length).toBeGreaterThan(0);
    for (const path of copied) expect(allowed).toContain(path);
  });

  it('is tested on the servers that it is deployed with', () => {
    for (const image of ['eventstore/eventstore', 'mongo']) {
      const deployed = new RegExp(`:-(${image}:[\\w.-]+)\\}`, 'u').exec(compose)?.[1];
      expect(deployed).toBeDefined();
      expect(workflow).toContain(` ${deployed}`);
    }
  });
});
