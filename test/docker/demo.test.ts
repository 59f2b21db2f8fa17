// The whole path in containers, as `npm start` plays it on a broker within Node.
import { expect, test } from 'vitest'
import { playDemo } from '../support/demo.ts'
import { needed } from '../support/found.ts'
import { skipNote } from '../support/native-runtime.ts'
import { labEngine } from './lab/lab-engine.ts'
import { labDocker, missingLab } from './lab-platform.ts'

const missing = missingLab()

test.skipIf(missing !== undefined)(
  `the demo walks from up to down, and leaves nothing${skipNote(missing)}`,
  async () => {
    await playDemo(['--runtime', 'docker'], { DOCKER_HOST: needed(labEngine()).host }, [
      '# start Apache Kafka and a Schema Registry in containers',
      'stopped schema-registry, kafka, zookeeper',
    ])
    const left = await Promise.all(
      [
        ['ps', '--all'],
        ['network', 'ls'],
        ['volume', 'ls'],
      ].map((list) => labDocker()([...list, '--format', '{{json .}}', '--filter', 'name=evplat-demo-'])),
    )
    expect(left).toEqual(['', '', ''])
  },
)
