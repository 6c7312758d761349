import type { JsonSchema } from '#application/validation/body-schema.js';
import { openApi } from './document.js';
import { documentPage } from './page.js';
import { routesOf, type ControllerClass } from './routes.js';

/** The api's description, made once. */
export class ApiDocument {
  readonly document: JsonSchema;
  readonly page: string;

  constructor(controllers: readonly ControllerClass[], version: string) {
    this.document = openApi(routesOf(controllers), version);
    this.page = documentPage(this.document);
  }
}
