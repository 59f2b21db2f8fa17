// The registry's own compatibility check, also where a registry lacks the one against all versions.
import { mapBounded } from '../core/bounded.ts'
import type { JsonObject } from '../core/json.ts'
import { isAbsent, maybeNoEndpoint } from './absence.ts'
import type { Asking } from './asking.ts'
import type { Reply } from './failures.ts'
import type { Check } from './registry.ts'
import { readCheck, readLevel, readNumbers } from './replies.ts'
import type { Ask } from './transport.ts'

const nothingToCompare: Check = { compatible: true, messages: [] }

/** Against one version or the latest: undefined for a version that there is not. */
export async function checkOne(
  asking: Asking,
  subject: string,
  body: JsonObject,
  version: 'latest' | number,
): Promise<Check | undefined> {
  const ask = askFor(subject, body, [version])
  const reply = await asking.reply(ask)
  if (version !== 'latest' && isAbsent(reply)) return undefined
  return readOrExcuse(asking, ask, reply, subject)
}

/** Against all versions that the level of the subject names. */
export async function checkAll(asking: Asking, subject: string, body: JsonObject): Promise<Check> {
  if (asking.lacks.has('check-all')) return checkOneByOne(asking, subject, body)
  const ask = askFor(subject, body, [])
  const reply = await asking.reply(ask)
  if (!maybeNoEndpoint(reply)) return readOrExcuse(asking, ask, reply, subject)
  asking.lacks.add('check-all')
  return checkOneByOne(asking, subject, body)
}

/** Karapace answers 404 for a subject that it does not know. That it is so must be seen, or a schema would pass unchecked. */
async function readOrExcuse(asking: Asking, ask: Ask, reply: Reply, subject: string): Promise<Check> {
  if (!isAbsent(reply)) return asking.read(ask, reply, readCheck)
  return (await versionsOf(asking, subject)) === undefined ? nothingToCompare : asking.refuse(ask, reply)
}

/** A check of one version compares with that one only, whatever the level: here we choose the versions. */
async function checkOneByOne(asking: Asking, subject: string, body: JsonObject): Promise<Check> {
  const versions = await versionsOf(asking, subject)
  if (!versions) return nothingToCompare
  const compared = (await isTransitive(asking, subject)) ? versions.toReversed() : (['latest'] as const)
  const checks = await mapBounded<'latest' | number, Check | undefined>(compared, 8, (version) =>
    checkOne(asking, subject, body, version),
  )
  const bad = checks.filter((check) => check !== undefined && !check.compatible)
  return bad.length === 0 ? nothingToCompare : { compatible: false, messages: bad.flatMap((c) => c?.messages ?? []) }
}

async function isTransitive(asking: Asking, subject: string): Promise<boolean> {
  const what = `the compatibility level of subject "${subject}"`
  const own = await asking.found({ method: 'GET', path: ['config', subject], what }, readLevel)
  const level = own ?? (await asking.value({ method: 'GET', path: ['config'], what }, readLevel))
  return level?.endsWith('_TRANSITIVE') ?? false
}

function versionsOf(asking: Asking, subject: string): Promise<number[] | undefined> {
  const what = `the versions of subject "${subject}"`
  return asking.found({ method: 'GET', path: ['subjects', subject, 'versions'], what }, readNumbers)
}

function askFor(subject: string, body: JsonObject, version: readonly (string | number)[]): Ask {
  return {
    method: 'POST',
    path: ['compatibility', 'subjects', subject, 'versions', ...version],
    query: { verbose: true },
    body,
    what: `a compatibility check in subject "${subject}"`,
  }
}
