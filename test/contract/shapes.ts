import { type Answer } from '../support/client.js';

/** What values look like on the wire, as matchers that fit into `toEqual`: an extra or a missing field then shows. */
/** A personal string as events have it. */
export const SEALED = expect.stringMatching(/^sealed:1:[\w-]+:[\w-]+$/u);
export const UUID = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
export const INSTANT = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/u);
export const POSITION = expect.stringMatching(/^(?:0|[1-9]\d*)$/u);
export const HASH = expect.stringMatching(/^[0-9a-f]{64}$/u);
export const TEXT = expect.stringMatching(/./u);
export const NUMBER = expect.any(Number);
/** The administrator's key: what its id is, the contract leaves open. */
export const ACTOR = { id: TEXT, kind: 'api-key' };

export const eur = (amount: string) => ({ amount, currency: 'EUR' });

/** Checks a refusal to the letter. Answers its body. */
export function expectProblem(answer: Answer, status: number, code: string, data: unknown = null): any {
  expect({ status: answer.status, code: answer.body?.code, data: answer.body?.data }).toEqual({ status, code, data });
  expect(answer.body).toEqual({
    type: `urn:pipeledger:problem:${code}`,
    title: TEXT,
    status,
    code,
    detail: TEXT,
    errors: expect.any(Array),
    data,
    traceId: TEXT,
  });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/u);
  for (const error of answer.body.errors) expect(error).toEqual({ path: expect.any(String), message: TEXT });
  return answer.body;
}

/** Checks that exactly these places are named, in any order. */
export function expectInvalid(answer: Answer, ...paths: readonly string[]): void {
  const body = expectProblem(answer, 400, 'invalid-request');
  expect(body.errors.map((error: any) => error.path).sort()).toEqual([...paths].sort());
}

/** Checks the status. Answers the body. */
export async function done(answering: Promise<Answer>, status: 200 | 201 = 200): Promise<any> {
  const answer = await answering;
  expect({ status: answer.status, problem: answer.status === status ? null : answer.body }).toEqual({
    status,
    problem: null,
  });
  return answer.body;
}
