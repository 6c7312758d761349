import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import monitoring from '@eventstore/db-client/generated/monitoring_grpc_pb.js';
import operations from '@eventstore/db-client/generated/operations_grpc_pb.js';
import persistent from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import projections from '@eventstore/db-client/generated/projections_grpc_pb.js';
import users from '@eventstore/db-client/generated/users_grpc_pb.js';
import { unsupported } from './rpc-errors.js';

/** The services of the server that the stand-in does not have, with the words for them. */
export const REFUSED: readonly (readonly [ServiceDefinition, string])[] = [
  [persistent.PersistentSubscriptionsService, 'persistent subscriptions'],
  [projections.ProjectionsService, 'projections'],
  [users.UsersService, 'users'],
  [operations.OperationsService, 'operations'],
  [monitoring.MonitoringService, 'monitoring'],
];

/** Handlers that refuse every call of a service with a sentence. */
export function refusing(service: ServiceDefinition, what: string): UntypedServiceImplementation {
  const error = unsupported(what);
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => [
      name,
      method.responseStream
        ? (call: { emit(event: 'error', error: Error): void }) => call.emit('error', error)
        : (_call: unknown, respond: (error: Error) => void) => respond(error),
    ]),
  );
}
