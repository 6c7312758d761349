import 'reflect-metadata';
import { Body, Controller, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { MoveDealStageBody } from '#application/commands/deal.bodies.js';
import { AccessKeys } from '#application/access/access-keys.js';
import { CommandExecutor } from '#application/execute.js';
import { Streams } from '#application/streams.js';
import { createLogger } from '#platform/logger.js';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import { join } from 'node:path';
import { BodyPipe } from '../../apps/api/http/body.pipe.js';
import { installEntrance } from '../../apps/api/http/entrance.js';
import { ResourceIdPipe } from '../../apps/api/http/resource-id.pipe.js';
import { KEY } from '../support/server-process.js';
import { PLAIN } from '#application/testing/personal.js';

/** A server whose one endpoint authenticates and validates a move as the real one does, and then does nothing. */
@Controller('v1/deals')
class NothingController {
  @Post(':id/move-stage')
  moveStage(@Param('id', ResourceIdPipe) id: string, @Body() _body: MoveDealStageBody) {
    return { id, revision: 0, position: '0' };
  }
}

@Module({ controllers: [NothingController] })
class NothingModule {}

const events = await SqliteEventStore.open(join(process.env['DATA_DIR'] ?? '', 'nothing.db'));
const adapter = new FastifyAdapter({ bodyLimit: 1_048_576 });
installEntrance(adapter.getInstance(), {
  access: new AccessKeys(new CommandExecutor(new Streams(events, PLAIN)), KEY),
  personal: PLAIN,
  fingerprintKey: Buffer.alloc(32),
  rateLimit: 1_000_000_000,
  log: createLogger({ logLevel: 'silent', logFormat: 'json' }),
});
const app = await NestFactory.create<NestFastifyApplication>(NothingModule, adapter, {
  bodyParser: false,
  logger: false,
});
app.useGlobalPipes(new BodyPipe());
await app.listen(0, '127.0.0.1');
process.stdout.write(`Nothing listens on ${await app.getUrl()}\n`);
process.on('SIGTERM', () => process.exit(0));
