import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { validateBody } from '#application/validation/validate.js';

/** Turns the parsed body into the validated body of its command; a body that is left out is an empty one. */
export class BodyPipe implements PipeTransform<unknown, unknown> {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type !== 'body' || metatype === undefined || metatype === Object) return value;
    // Every body that a controller declares is a class with decorated fields.
    return validateBody(metatype as new () => object, value ?? {});
  }
}
