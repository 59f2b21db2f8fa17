// IncrementalAlterConfigs (KIP-339): sets, deletes, appends to lists and subtracts from them; what is not named stays. Each resource is
// changed as a whole or not at all. Of the broker's loggers there are none to change.
import { incrementalAlterConfigs } from '../../protocol/messages/incremental-alter-configs.ts'
import { handler } from '../handler.ts'
import { type Operation, changesProblem } from '../topics/alter-config.ts'
import { type Applied, applyChange, applyEach } from './apply-configs.ts'
import { invalidRequest, nodeIdIn, resourceTypes } from './config-resources.ts'

function alterLoggers(nodeId: number, node: string, operations: readonly Operation[]): Applied {
  const problem = changesProblem(operations)
  if (problem) return problem
  const id = nodeIdIn(node)
  if (id === undefined) return invalidRequest(`Node id must be an integer, but it is: ${node}`)
  if (id !== nodeId) return invalidRequest(`Unexpected node id. Expected ${nodeId}, but received ${node}`)
  const [first] = operations
  return first ? { error: 'INVALID_CONFIG', message: `Logger ${first.name} does not exist!` } : { durable: undefined }
}

export const incrementalAlterConfigsHandler = handler({
  api: incrementalAlterConfigs,
  versions: [0, 1],
  handle: (broker, { resources, validateOnly }) =>
    applyEach(resources, ({ resourceType, resourceName, configs }) => {
      const operations = configs.map(({ name, configOperation, value }) => ({
        name,
        operation: configOperation,
        value,
      }))
      if (resourceType === resourceTypes.brokerLogger) return alterLoggers(broker.nodeId, resourceName, operations)
      return applyChange(broker, { resourceType, resourceName, operations, replacesAll: false, validateOnly })
    }),
})
