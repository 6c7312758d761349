import { Controller, Get, Header } from '@nestjs/common';
import { ApiDocument } from '../openapi/api-document.js';

/** What the api is, for programs and for people. */
@Controller()
export class OpenApiController {
  constructor(private readonly api: ApiDocument) {}

  @Get('openapi.json')
  document() {
    return this.api.document;
  }

  @Get('docs')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
  page() {
    return this.api.page;
  }
}
