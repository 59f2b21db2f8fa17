// AlterConfigs, the older one: what a request does not name goes back to its default. Kafka 3.9 never answers a request that names a
// resource twice; here each of them is refused, as IncrementalAlterConfigs does.
import { alterConfigs } from '../../protocol/messages/alter-configs.ts'
import { handler } from '../handler.ts'
import { operations as kinds } from '../topics/alter-config.ts'
import { applyChange, applyEach } from './apply-configs.ts'

export const alterConfigsHandler = handler({
  api: alterConfigs,
  versions: [0, 2],
  handle: (broker, { resources, validateOnly }) =>
    applyEach(resources, ({ resourceType, resourceName, configs }) => {
      const operations = configs.map(({ name, value }) => ({ name, operation: kinds.set, value }))
      return applyChange(broker, { resourceType, resourceName, operations, replacesAll: true, validateOnly })
    }),
})
