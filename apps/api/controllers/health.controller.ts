import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Health } from '../health.js';

@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  /** The process answers. */
  @Get('live')
  live() {
    return { status: 'ready' };
  }

  /** It can do its work: the stores answer and the views move. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const readiness = await this.health.readiness();
    if (readiness.status !== 'ready') void reply.status(503).header('Retry-After', '1');
    return readiness;
  }
}
