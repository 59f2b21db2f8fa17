// Stacks of containers to test with, from one broker with what is usual to everything that there is.
import type { DockerInputs } from '../../src/stack/docker/model/docker-inputs.ts'
import { stackSettings } from './stack-settings.ts'

/** a folder of evplat that stands in no other */
const packageRoot = '/opt/evplat'

const version = '0.1.0'
const databases = { postgres: ['orders', 'billing'], mongodb: ['catalogue'] }

export const dockerStacks: Readonly<Record<string, DockerInputs>> = {
  'zookeeper-one-broker': {
    project: 'shop',
    settings: stackSettings(),
    ports: { brokers: [9092], registry: 8081, zookeeper: 2181 },
    packageRoot,
    version,
  },
  'kraft-three-brokers-everything': {
    project: 'shop',
    settings: stackSettings({
      kafka: { coordination: 'kraft', brokers: 3 },
      services: ['postgres', 'mongodb', 'kafka-ui'],
      databases,
    }),
    ports: {
      brokers: [19_092, 19_093, 19_094],
      registry: 18_081,
      services: { postgres: 15_432, mongodb: 37_017, 'kafka-ui': 18_090 },
    },
    packageRoot,
    version,
  },
  'kafka-4-own-registry': {
    project: 'shop_4',
    settings: stackSettings({ kafka: { version: '4.3', coordination: 'kraft' }, registry: 'evplat' }),
    ports: { brokers: [9092], registry: 8081 },
    packageRoot,
    version,
  },
}
