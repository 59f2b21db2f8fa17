// All scenarios of the suite.
import { faulty } from './faulty.ts'
import { type Scenario, reading } from './reading.ts'
import { sharing } from './sharing.ts'
import { trying } from './trying.ts'
import { writing } from './writing.ts'

/** on any cluster */
export const everywhere: Readonly<Record<string, Scenario>> = { ...reading, ...writing, ...sharing, ...trying }
/** on the embedded broker, whose answers follow fault rules */
export const onEmbedded: Readonly<Record<string, Scenario>> = { ...everywhere, ...faulty }
