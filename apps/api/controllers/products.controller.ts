import { Body, Controller, Get, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AddProductBody, RepriceProductBody, RetireProductBody } from '#application/commands/product.bodies.js';
import {
  AddProductCommand,
  RepriceProductCommand,
  RetireProductCommand,
} from '#application/commands/product.handlers.js';
import { ProductQuery } from '#application/queries/product.query.js';
import type { CommandRequest } from '#application/request.js';
import { PRODUCTS } from '#views/products/products.schema.js';
import { Reply, Request, sendAnswer } from '../http/command-request.js';
import { Consistency } from '../http/consistency.js';
import { QueryParameters } from '../http/query-parameters.js';
import { Id } from '../http/resource-id.pipe.js';

@Controller('v1/products')
export class ProductsController {
  constructor(
    private readonly bus: CommandBus,
    private readonly products: ProductQuery,
    private readonly consistency: Consistency,
  ) {}

  @Post()
  async add(@Body() body: AddProductBody, @Request() request: CommandRequest, @Reply() reply: FastifyReply) {
    return sendAnswer(reply, await this.bus.execute(new AddProductCommand(body.id ?? null, body, request)));
  }

  @Post(':id/reprice')
  async reprice(
    @Id() id: string,
    @Body() body: RepriceProductBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RepriceProductCommand(id, body, request)));
  }

  @Post(':id/retire')
  async retire(
    @Id() id: string,
    @Body() body: RetireProductBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RetireProductCommand(id, body, request)));
  }

  @Get()
  async list(@Query() query: unknown, @Req() request: FastifyRequest, @Reply() reply: FastifyReply) {
    const parameters = new QueryParameters(query, ['category', 'focus', 'retired', 'limit', 'cursor']);
    const list = {
      category: parameters.texts('category'),
      focus: parameters.someOf('focus', ['primary', 'secondary']),
      retired: parameters.flag('retired'),
      limit: parameters.limit(),
      cursor: parameters.text('cursor'),
    };
    await this.consistency.before(request, reply, [PRODUCTS]);
    return this.products.list(list);
  }

  @Get(':id')
  async one(@Id() id: string, @Query() query: unknown, @Req() request: FastifyRequest, @Reply() reply: FastifyReply) {
    new QueryParameters(query, []);
    await this.consistency.before(request, reply, []);
    const product = await this.products.product(id);
    void reply.header('ETag', `"${product.revision}"`);
    return product;
  }
}
