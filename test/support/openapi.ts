import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Client } from './client.js';

/** A schema, or a part of the document, of which nothing is known yet. */
export type Part = Readonly<Record<string, any>>;

/** An operation of the document. */
export interface Operation {
  readonly method: 'GET' | 'POST';
  /** `/v1/deals/{id}/move-stage` */
  readonly path: string;
  readonly route: string;
  readonly description: Part;
}

/** The server's OpenAPI document, with a validator of its schemas. */
export class OpenApiDocument {
  readonly operations: readonly Operation[];
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  private constructor(readonly document: Part) {
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(document, 'api');
    this.operations = Object.entries<Part>(document['paths']).flatMap(([path, methods]) =>
      Object.entries<Part>(methods).map(([method, description]) => {
        const upper = method === 'get' ? 'GET' : 'POST';
        return { method: upper, path, route: `${upper} ${path}`, description };
      }),
    );
  }

  static async of(url: string): Promise<OpenApiDocument> {
    const answer = await new Client(url).get('/openapi.json', { key: null });
    expect(answer.status).toBe(200);
    return new OpenApiDocument(answer.body as Part);
  }

  /** What is wrong with the value by the schema; '' when nothing is. */
  faults(schema: Part, value: unknown): string {
    const validate = this.#ajv.compile(this.#absolute(schema));
    return validate(value) ? '' : describe(validate);
  }

  /** References of a part, as seen from outside of the document. */
  #absolute(schema: Part): Part {
    return JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')) as Part;
  }
}

function describe(validate: ValidateFunction): string {
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`).join('; ');
}
