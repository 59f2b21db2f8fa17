// DescribeCluster: the one node, at the address that the client used. From version 1 on a client may ask for the controllers' endpoint,
// which this is not (KIP-919).
import type { ResponseWritten } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-table.ts'
import { describeCluster } from '../../protocol/messages/describe-cluster.ts'
import { handler } from '../handler.ts'
import type { Problem } from '../topics/topics.ts'
import { clusterOperations, operationsNotAsked } from './authorized-operations.ts'

const endpointTypes = { broker: 1, controller: 2 } as const

function endpointProblem(endpointType: number): Problem | undefined {
  if (endpointType === endpointTypes.broker) return undefined
  if (endpointType !== endpointTypes.controller)
    return { error: 'UNSUPPORTED_ENDPOINT_TYPE', message: `Unsupported endpoint type ${endpointType}` }
  return {
    error: 'MISMATCHED_ENDPOINT_TYPE',
    message: 'The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER',
  }
}

function refuse({ error, message }: Problem): ResponseWritten<typeof describeCluster> {
  return { throttleTimeMs: 0, errorCode: errorCode(error), errorMessage: message, clusterId: '', brokers: [] }
}

export const describeClusterHandler = handler({
  api: describeCluster,
  versions: [0, 1],
  handle: ({ clusterId, nodeId }, { endpointType, includeClusterAuthorizedOperations }, { host, port }) => {
    const problem = endpointProblem(endpointType)
    if (problem) return refuse(problem)
    return {
      throttleTimeMs: 0,
      errorCode: 0,
      clusterId,
      controllerId: nodeId,
      brokers: [{ brokerId: nodeId, host, port }],
      clusterAuthorizedOperations: includeClusterAuthorizedOperations ? clusterOperations : operationsNotAsked,
    }
  },
})
