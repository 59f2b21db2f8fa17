// What is made from the sources stands in the repository as the sources make it now.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generatedFiles } from '../../scripts/generated.ts'

test.each(generatedFiles.map((generated) => [generated.file, generated] as const))(
  '%s is current (npm run generate)',
  async (file, { content }) => expect(readFileSync(file, 'utf8')).toBe(await content()),
)
