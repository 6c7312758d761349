import { Controller, Get, Header, Query } from '@nestjs/common';
import { EXPOSITION_TYPE } from '#platform/metrics/exposition.js';
import { QueryParameters } from '../http/query-parameters.js';
import { Metrics } from '../metrics/metrics.js';

@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  /** For Prometheus. */
  @Get()
  @Header('Content-Type', EXPOSITION_TYPE)
  text(@Query() query: unknown) {
    new QueryParameters(query, []);
    return this.metrics.text();
  }
}
