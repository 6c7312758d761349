import type { handleUnaryCall } from '@grpc/grpc-js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';

const STREAMS = 'event_store.client.streams.streams';
const METHODS: Readonly<Record<string, readonly string[]>> = {
  read: ['position', 'events'],
  append: [],
  delete: [],
  tombstone: [],
  batchappend: ['deadline_duration'],
};

/** `ServerFeatures.GetSupportedMethods`: what the client asks before its first append. */
export function supportedMethodsHandler(version: string): handleUnaryCall<shared.Empty, features.SupportedMethods> {
  return (_call, respond) => {
    const supported = new features.SupportedMethods();
    supported.setEventStoreServerVersion(version);
    for (const [name, list] of Object.entries(METHODS)) {
      const method = new features.SupportedMethod();
      method.setServiceName(STREAMS);
      method.setMethodName(name);
      method.setFeaturesList([...list]);
      supported.addMethods(method);
    }
    respond(null, supported);
  };
}

/** `Gossip.Read`: a cluster of one, its leader, for connection strings that make the client look for one. */
export function gossipHandler(
  instance: string,
  endPoint: () => { host: string; port: number },
): handleUnaryCall<shared.Empty, gossip.ClusterInfo> {
  return (_call, respond) => {
    const { host, port } = endPoint();
    const address = new gossip.EndPoint();
    address.setAddress(host);
    address.setPort(port);
    const id = new shared.UUID();
    id.setString(instance);
    const member = new gossip.MemberInfo();
    member.setInstanceId(id);
    member.setTimeStamp(`${Date.now() * 10_000}`);
    member.setState(gossip.MemberInfo.VNodeState.LEADER);
    member.setIsAlive(true);
    member.setHttpEndPoint(address);
    const cluster = new gossip.ClusterInfo();
    cluster.addMembers(member);
    respond(null, cluster);
  };
}
