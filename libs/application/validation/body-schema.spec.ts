import { bodySchema, type JsonSchema } from './body-schema.js';
import {
  IsId,
  IsKeys,
  IsMoneyValue,
  IsOneOf,
  IsPart,
  IsParts,
  IsText,
  MayBeAbsent,
  Optional,
  OrNull,
  Satisfies,
} from './decorators.js';

class NoteBody {
  @IsText(20) text!: string;
}

class BaseBody {
  @Optional() @IsId() id?: string | null;
}

class ThingBody extends BaseBody {
  @IsPart(() => NoteBody) note!: NoteBody;
  @Optional() @IsParts(() => NoteBody, 0, 3) notes?: NoteBody[] | null;
  @OrNull() @IsMoneyValue() value!: object | null;
  @MayBeAbsent() @IsOneOf(['a', 'b']) kind?: string;
  @Optional() @IsKeys(5) labels?: string[] | null;
}

class SilentBody {
  @Satisfies('isOdd', () => null) odd!: number;
}

describe('the schema of a body', () => {
  it('says what its decorators check', () => {
    const parts = new Map<string, JsonSchema>();
    expect(bodySchema(ThingBody, parts)).toEqual({
      type: 'object',
      properties: {
        id: { anyOf: [{ $ref: '#/components/schemas/Id' }, { type: 'null' }] },
        note: { $ref: '#/components/schemas/Note' },
        notes: { type: ['array', 'null'], minItems: 0, maxItems: 3, items: { $ref: '#/components/schemas/Note' } },
        value: { anyOf: [{ $ref: '#/components/schemas/Money' }, { type: 'null' }] },
        kind: { type: 'string', enum: ['a', 'b'] },
        labels: {
          type: ['array', 'null'],
          maxItems: 5,
          uniqueItems: true,
          items: { type: 'string', minLength: 1, maxLength: 64, pattern: '\\S' },
        },
      },
      required: ['note', 'value'],
      additionalProperties: false,
    });
    expect([...parts.keys()]).toEqual(['Note']);
    expect(parts.get('Note')).toMatchObject({ required: ['text'] });
  });

  it('is refused for a rule that does not say what it takes', () => {
    expect(() => bodySchema(SilentBody, new Map())).toThrow('SilentBody.odd');
  });
});
