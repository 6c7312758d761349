import type { JsonSchema } from '#application/validation/body-schema.js';
import { PROBLEM_CODES } from '../http/problem.js';

/** An error's body (RFC 9457), with every code that there is. */
export const PROBLEM_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    type: { type: 'string', description: '`urn:pipeledger:problem:<code>`' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: [...PROBLEM_CODES.keys()] },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          path: {
            type: 'string',
            description: 'A JSON pointer into the body, `?name` for a query parameter, or a header.',
          },
          message: { type: 'string' },
        },
        required: ['path', 'message'],
      },
    },
    data: { type: ['object', 'null'], description: 'What a program needs to go on, by code.' },
    traceId: { type: 'string' },
  },
  required: ['type', 'title', 'status', 'code', 'detail', 'errors', 'data', 'traceId'],
};

const COMMANDS_ONLY = new Set([409, 412, 413, 415, 422]);

/** The errors that any operation may answer, by status. */
export function problemAnswers(isCommand: boolean): Readonly<Record<string, JsonSchema>> {
  const statuses = [...new Set(PROBLEM_CODES.values())].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses
      .filter((status) => isCommand || !COMMANDS_ONLY.has(status))
      .map((status) => [
        String(status),
        {
          description: [...PROBLEM_CODES].flatMap(([code, its]) => (its === status ? [`\`${code}\``] : [])).join(', '),
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      ]),
  );
}
