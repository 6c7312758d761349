import { Param, type PipeTransform } from '@nestjs/common';
import { NotFound } from '#application/errors.js';
import { isUuid } from '#application/validation/decorators.js';

/** An id in a path. What is not an id names nothing: 404. */
export class ResourceIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!isUuid(value)) throw new NotFound();
    return value;
  }
}

/** The resource that a path `/:id` names. */
export const Id = () => Param('id', ResourceIdPipe);
