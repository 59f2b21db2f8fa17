import { inject } from 'vitest'
import type { Found } from '../../support/found.ts'
import type { LabEngine } from './lab.ts'

/** The engine that runs for the tests of the project `docker`, or why there is none: they are skipped with that reason. */
export const labEngine = (): Found<LabEngine> => inject('lab')
