// Starts the laboratory once for all the tests of the project `docker`.
import type { TestProject } from 'vitest/node'
import type { Found } from '../../support/found.ts'
import { type LabEngine, startLab } from './lab.ts'

declare module 'vitest' {
  interface ProvidedContext {
    lab: Found<LabEngine>
  }
}

const say = (message: string): void => void process.stderr.write(`laboratory: ${message}\n`)

export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const lab = await startLab(say)
  if ('missing' in lab) {
    say(`skipped: ${lab.missing}`)
    project.provide('lab', lab)
    return undefined
  }
  project.provide('lab', { value: lab.engine })
  return lab.stop
}
