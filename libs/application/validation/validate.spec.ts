import { CaptureLeadBody } from '../commands/lead.bodies.js';
import { MoveDealStageBody, OpenDealBody } from '../commands/deal.bodies.js';
import { CreatePipelineBody, SetStagePolicyBody } from '../commands/pipeline.bodies.js';
import { InvalidBody, validateBody } from './validate.js';

function faults(type: new () => object, body: unknown): string[] {
  try {
    validateBody(type, body);
  } catch (error) {
    if (error instanceof InvalidBody) return error.faults.map(({ path, message }) => `${path} ${message}`);
    throw error;
  }
  return [];
}

const stage = { name: 'Demo', probability: 0.4 };

describe('the validation of a body', () => {
  it('gives an instance of the class, null and left out alike', () => {
    const body = validateBody(OpenDealBody, {
      title: 'T',
      pipelineId: '0190a0a0-0000-7000-8000-000000000000',
      value: null,
    });
    expect(body).toBeInstanceOf(OpenDealBody);
    expect(body.value).toBeNull();
    expect(body.labels).toBeUndefined();
  });

  it.each([null, [], 'x', 7, true])('refuses %j: a body is an object', (body) => {
    expect(faults(CaptureLeadBody, body)).toEqual([' must be a JSON object']);
  });

  it('points at the fault, however deep, with escapes', () => {
    expect(faults(CreatePipelineBody, { name: 'P', stages: [stage, { ...stage, probability: 2 }] })).toEqual([
      '/stages/1/probability must be a number from 0 to 1 with at most 4 decimals',
    ]);
    expect(
      faults(CreatePipelineBody, { name: 'P', stages: [{ ...stage, gates: [{ type: 'criteria', min: 9 }] }] }),
    ).toEqual(['/stages/0/gates/0/min must be one of 1, 2, 3, 4']);
    expect(faults(CreatePipelineBody, { name: 'P', stages: [stage, 7] })).toEqual(['/stages/1 must be an object']);
    expect(faults(MoveDealStageBody, { toStageId: '0190a0a0-0000-7000-8000-000000000000', 'a/b~c': 1 })).toEqual([
      '/a~1b~0c is not a known field',
    ]);
    expect(faults(CaptureLeadBody, { title: 'T', value: { amount: '1.234', currency: 'EUR' } })[0]).toMatch(
      /^\/value\/amount /u,
    );
    expect(faults(CaptureLeadBody, { title: 'T', value: { amount: '1', currency: 'EUR', x: 1 } })[0]).toMatch(
      /^\/value/u,
    );
  });

  it.each([
    ['a duration of months', { rottenAfter: 'P1M' }, '/rottenAfter'],
    ['no business days', { rottenAfter: { businessDays: 0 } }, '/rottenAfter'],
    ['a category that is none', { forecastCategory: 'sure' }, '/forecastCategory'],
    ['a probability with 5 decimals', { probability: 0.12345 }, '/probability'],
    ['a probability that is null', { probability: null }, '/probability'],
    ['gates that are none', { gates: [{ type: 'mood' }] }, '/gates/0/type'],
    ['a gate with more', { gates: [{ type: 'field', field: 'value', x: 1 }] }, '/gates/0/x'],
    ['a gate of the prototype', { gates: [{ type: 'constructor' }] }, '/gates/0/type'],
  ])('refuses a stage policy with %s', (_, policy, path) => {
    const [fault] = faults(SetStagePolicyBody, { stageId: '0190a0a0-0000-7000-8000-000000000000', ...policy });
    expect(fault?.split(' ')[0]).toBe(path);
  });

  it('counts characters, not code units, and refuses white space alone', () => {
    expect(faults(CaptureLeadBody, { title: '😀'.repeat(255) })).toEqual([]);
    expect(faults(CaptureLeadBody, { title: '😀'.repeat(256) })).toHaveLength(1);
    expect(faults(CaptureLeadBody, { title: ' \t\n' })).toHaveLength(1);
  });
});
