// evplat doctor: whether the declared stack could start on this machine, and what to do where it could not.
import { dirname, resolve } from 'node:path'
import { EvplatError } from '../core/errors.ts'
import { exitCode } from '../core/exit-codes.ts'
import type { Platform } from '../platform/platform.ts'
import { defaultStack } from '../platform/stack.ts'
import type { Check } from '../stack/doctor/check.ts'
import { diagnose } from '../stack/doctor/diagnose.ts'
import { diagnosisText } from '../views/doctor.ts'
import type { Context, Outcome } from './context.ts'
import { loadSoundPlatform } from './platform-target.ts'

interface DoctorInput {
  readonly file: string | undefined
}

/** Answers the published diagnosis. It works without a platform.yaml, too: the defaults are looked at then. */
export async function run(input: DoctorInput, context: Context): Promise<Outcome> {
  const { env, signal } = context
  const progress = context.progress('looking at this machine')
  try {
    const { platform, check } = await readPlatform(input, context)
    const { topics = [], name: project, stack: settings = defaultStack } = platform ?? {}
    const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
    const diagnosis = await diagnose(
      {
        folder: platform?.folder ?? dirname(resolve(context.cwd, input.file ?? 'platform.yaml')),
        ...(project !== undefined && { project }),
        settings,
        partitions: sum(topics.map(({ partitions }) => partitions)),
        replicas: sum(topics.map(({ partitions, replication }) => partitions * replication)),
        env,
        signal,
      },
      [check],
    )
    return {
      value: diagnosis,
      text: (style) => diagnosisText(diagnosis, style),
      exit: diagnosis.ready ? exitCode.ok : exitCode.failed,
    }
  } finally {
    progress.end()
  }
}

/** The platform as far as it can be read: that it is not there is a warning, that it is broken is in the way of every start. */
async function readPlatform(
  { file }: DoctorInput,
  context: Context,
): Promise<{ readonly platform?: Platform; readonly check: Check }> {
  const name = 'platform'
  try {
    const { platform } = await loadSoundPlatform({ file, env: undefined }, context)
    return { platform, check: { name, state: 'ok', fact: `${platform.file}, "${platform.name}"` } }
  } catch (thrown) {
    if (!(thrown instanceof EvplatError)) throw thrown
    const isAbsent = thrown.code === 'platform-missing' && file === undefined
    const remedy = isAbsent
      ? 'write one with `evplat init`; so far the defaults are looked at'
      : 'see `evplat verify --offline`'
    return { check: { name, state: isAbsent ? 'warning' : 'missing', fact: thrown.message, remedy } }
  }
}
