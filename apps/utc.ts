/**
 * Our processes live in UTC, whatever the zone of their machine: days and hours that mean something to people are
 * computed in the organisation's zone. What sets a local clock forward (`setSeconds`), as the clients of EventStoreDB
 * and gRPC do for their deadlines, comes out an hour early in the hour that is repeated when summer time ends: for that
 * hour every deadline would have passed. To be imported before anything else.
 */
process.env['TZ'] = 'UTC';
