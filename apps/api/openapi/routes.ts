import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';

export type ControllerClass = new (...parts: never[]) => object;

/** One method and path that the server answers. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** With its places in braces: `/v1/deals/{id}/move-stage`. */
  readonly path: string;
  /** The class that the body is validated as; null when there is none. */
  readonly body: (new () => object) | null;
}

/** `POST /v1/deals/{id}/move-stage` */
export type RouteName = `${Route['method']} ${string}`;

export function nameOf({ method, path }: Pick<Route, 'method' | 'path'>): RouteName {
  return `${method} ${path}`;
}

/** The routes of controllers, from what their decorators say. */
export function routesOf(controllers: readonly ControllerClass[]): readonly Route[] {
  return controllers.flatMap((controller) => {
    const prefix = textOf(Reflect.getMetadata(PATH_METADATA, controller));
    const prototype = controller.prototype as Record<string, unknown>;
    return methodsOf(prototype).flatMap((name) => {
      const handler = name === 'constructor' ? undefined : prototype[name];
      const path: unknown = typeof handler === 'function' ? Reflect.getMetadata(PATH_METADATA, handler) : undefined;
      if (typeof handler !== 'function' || path === undefined) return [];
      const method = RequestMethod[Number(Reflect.getMetadata(METHOD_METADATA, handler))];
      if (method !== 'GET' && method !== 'POST') throw new Error(`${controller.name}.${name} is ${method}`);
      return [{ method, path: template(prefix, textOf(path)), body: bodyOf(controller, name) }];
    });
  });
}

/** Its own, and those that it inherits from other controllers. */
function methodsOf(prototype: object): readonly string[] {
  const parent: unknown = Object.getPrototypeOf(prototype);
  const inherited =
    parent === Object.prototype || typeof parent !== 'object' || parent === null ? [] : methodsOf(parent);
  return [...new Set([...Object.getOwnPropertyNames(prototype), ...inherited])];
}

function template(...parts: readonly string[]): string {
  const segments = parts.flatMap((part) => part.split('/')).filter((segment) => segment !== '');
  return `/${segments.map((segment) => segment.replace(/^:(.+)$/u, '{$1}')).join('/')}`;
}

function bodyOf(controller: ControllerClass, name: string): Route['body'] {
  const given: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name);
  const bodyKey = Object.keys(given ?? {}).find((key) => key.startsWith(`${RouteParamtypes.BODY}:`));
  if (bodyKey === undefined) return null;
  const types: unknown = Reflect.getMetadata('design:paramtypes', controller.prototype as object, name);
  const type: unknown = Array.isArray(types) ? types[Number(bodyKey.split(':')[1])] : undefined;
  return typeof type === 'function' && type !== Object ? (type as new () => object) : null;
}

function textOf(path: unknown): string {
  return typeof path === 'string' ? path : '';
}
