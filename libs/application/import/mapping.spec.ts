import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidMapping } from './json-fields.js';
import { parseMapping } from './mapping.js';
import { eventLogJson, opportunitiesJson } from './testing/mappings.js';

const stageOf = (meaning: object) => ({ stage: { column: 'stage', values: { won: meaning } } });
const stagesOf = (...stages: object[]) => ({ pipeline: { name: 'Sales', stages } });

describe('a mapping', () => {
  it.each(['maven-crm', 'helpdesk'])('of the documentation (%s) is read', (name) => {
    const json: unknown = JSON.parse(readFileSync(join(process.cwd(), 'docs', 'import', `${name}.json`), 'utf8'));
    expect(parseMapping(json)).toMatchObject({ name, pipeline: { kind: 'own' } });
  });

  it('is written as the documentation shows it', () => {
    const text = readFileSync(join(process.cwd(), 'docs', 'import', 'README.md'), 'utf8');
    const examples = [...text.matchAll(/^```json\n(.*?)^```$/gmsu)].map(
      ([, json]) => JSON.parse(json ?? '') as unknown,
    );
    expect(examples.map((json) => parseMapping(json).kind)).toEqual(['opportunities', 'event-log']);
  });

  it('may leave out what a file may not have', () => {
    const { owner, organization, labels, replace, identity, value, ...rest } = { ...opportunitiesJson() } as Record<
      string,
      unknown
    >;
    expect([owner, organization, labels, replace, identity, value]).not.toContain(undefined);
    expect(parseMapping(rest)).toMatchObject({
      owner: null,
      organization: null,
      labels: [],
      replace: {},
      identity: null,
      value: null,
      delimiter: ',',
    });
  });

  it('may name a pipeline that is there, whose stages are looked up later', () => {
    const id = '0190a1b2-0000-7000-8000-000000000001';
    const mapping = parseMapping(eventLogJson({ pipeline: { id }, stages: { called: 'Any' } }));
    expect(mapping).toMatchObject({ pipeline: { kind: 'existing', id }, stages: { called: 'Any' } });
  });

  it.each<[string, object]>([
    ['/kind must be one of opportunities, event-log', opportunitiesJson({ kind: 'deals' })],
    ['/name must be a text', opportunitiesJson({ name: '' })],
    ['/name must have at most 64 characters', opportunitiesJson({ name: 'x'.repeat(65) })],
    ['/name must not contain control characters', opportunitiesJson({ name: 'a\nb' })],
    ['/ownr is not a known field', opportunitiesJson({ ownr: 'x' })],
    ['/zone must be an IANA time zone', opportunitiesJson({ zone: 'Mars/Olympus' })],
    ['/zone must be an IANA time zone', opportunitiesJson({ zone: '+02:00' })],
    ['/currency must be a code of ISO 4217', opportunitiesJson({ currency: 'XYZ' })],
    ['/source must have at most 64 characters', opportunitiesJson({ source: 'x'.repeat(65) })],
    ['/delimiter must be one of', opportunitiesJson({ delimiter: 'x' })],
    ['/labels must be a list', opportunitiesJson({ labels: 'product' })],
    ['/labels/1 must be a text', opportunitiesJson({ labels: ['product', 7] })],
    ['/replace/product/Boilr must be a text', opportunitiesJson({ replace: { product: { Boilr: 1 } } })],
    ['/replace/product must be an object', opportunitiesJson({ replace: { product: null } })],
    ['/openedAt must be a text', opportunitiesJson({ openedAt: null })],
    ['/closedAt must be given, as "won" closes deals', opportunitiesJson({ closedAt: undefined })],
    ['/withoutDate must be one of lead, refuse', opportunitiesJson({ withoutDate: 'drop' })],
    ['/stage/values/won/stage must be one of Contacted, Proposal', opportunitiesJson(stageOf({ stage: 'Proposl' }))],
    ['/stage/values/won/stage must be one of Contacted, Proposal', opportunitiesJson(stageOf({ stage: 'Care' }))],
    ['/stage/values/won/reason must be a text', opportunitiesJson(stageOf({ stage: 'Proposal', outcome: 'lost' }))],
    ['/stage/values/won/why is not a known field', opportunitiesJson(stageOf({ stage: 'Proposal', why: 'x' }))],
    ['/pipeline must be an object', opportunitiesJson({ pipeline: 'Sales' })],
    ['/pipeline/id must be a lower-case UUID', opportunitiesJson({ pipeline: { id: 'x' } })],
    ['/pipeline/stages must be 1 to 50 stages', opportunitiesJson(stagesOf())],
    ['/pipeline/stages/0/probability must be a number', opportunitiesJson(stagesOf({ name: 'A', probability: '1' }))],
    ['/pipeline/stages/0/probability must be 0 to 1', opportunitiesJson(stagesOf({ name: 'A', probability: 2 }))],
    [
      '/pipeline/stages/1/name is used twice',
      opportunitiesJson(stagesOf({ name: 'A', probability: 0 }, { name: 'A', probability: 0 })),
    ],
    [
      '/pipeline/stages/0/rottenAfter must',
      opportunitiesJson(stagesOf({ name: 'A', probability: 0, rottenAfter: 'soon' })),
    ],
    ['/case must be a text', eventLogJson({ case: undefined })],
    ['/stages/a~1b must be one of Contacted, Proposal', eventLogJson({ stages: { 'a/b': 'Nowhere' } })],
    ['/identity is not a known field', eventLogJson({ identity: 'id' })],
  ])('is refused with the field that is wrong: %s', (message, json) => {
    expect(() => parseMapping(json)).toThrow(InvalidMapping);
    expect(() => parseMapping(json)).toThrow(message);
  });

  it.each([[null], [[]], ['text'], [7]])('is an object, not %j', (json) => {
    expect(() => parseMapping(json)).toThrow('must be an object');
  });
});
