import { describe, expect, test } from 'vitest'
import { dockerFor } from './lab/client.ts'
import { labEngine } from './lab/lab-engine.ts'
import { skipNote } from '../support/native-runtime.ts'

const found = labEngine()
const missing = 'missing' in found ? found.missing : undefined

describe.skipIf(missing !== undefined)(`the laboratory${skipNote(missing)}`, () => {
  test('has the images', async () => {
    if ('missing' in found) throw new Error(found.missing)
    expect(await dockerFor(found.value)(['images'])).toContain('cp-kafka')
  })
})
