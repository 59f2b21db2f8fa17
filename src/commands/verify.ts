// evplat verify: the gate in CI. Offline checks of the file, then drift against the environment, and the services of this machine.
import type { Finding } from '../core/finding.ts'
import { loadPlatform } from '../platform/load.ts'
import type { Platform } from '../platform/platform.ts'
import { generatedFolder } from '../scaffold/types/service-files.ts'
import { driftFindings } from '../verify/drift.ts'
import { offlineFindings } from '../verify/offline.ts'
import { generatedFindings } from '../verify/generated.ts'
import { isChecked, serviceFindings } from '../verify/services.ts'
import { githubAnnotations } from '../verify/reporters/github.ts'
import { junitReport } from '../verify/reporters/junit.ts'
import { type CheckedFindings, type Verdict, judge, publishVerdict } from '../verify/verdict.ts'
import { verdictText } from '../views/verdict.ts'
import { withPorts } from './connections.ts'
import type { Context, Outcome } from './context.ts'
import { generatedOf, hasFolder } from './generated-files.ts'
import { type PlanKind, provenPlan } from './plan.ts'
import { type PlatformTarget, declaredTarget } from './platform-target.ts'
import { serviceStates } from './service/states.ts'
import type { TargetInput } from './addresses.ts'

interface VerifyInput extends TargetInput {
  readonly offline: boolean
  readonly strict: boolean
  readonly output: 'text' | 'json' | 'yaml' | 'junit' | 'github' | undefined
}

/** Drift of topics and of schemas, in two checks. Policies have been judged offline. */
async function online(input: VerifyInput, context: Context): Promise<CheckedFindings[]> {
  const found = await declaredTarget(input, context)
  const platform = { ...found.platform, policies: [] }
  const to = { ...found, platform, findings: [] }
  const progress = context.progress('verifying')
  const options = { allowRepartition: true, onStep: (text: string) => progress.update(text) }
  const plan = await withPorts(to, context, (ports) => provenPlan(to, ports, options)).finally(() => progress.end())
  const ofKind = (kind: PlanKind): Finding[] =>
    driftFindings({ ...plan, changes: plan.changes.filter((change) => change.kind === kind) }, platform)
  const topics = { name: 'topics', findings: [...ofKind('topic'), ...plan.findings] }
  const schemas = platform.subjects.length > 0 ? [{ name: 'schemas', findings: ofKind('subject') }] : []
  return [topics, ...schemas, ...(await services(to, context))]
}

/** Services beside the stack of this machine. Where others run, their own health tells. */
async function services(to: PlatformTarget, context: Context): Promise<CheckedFindings[]> {
  if (!to.isLocal || to.platform.services.length === 0) return []
  const states = await serviceStates(to, context)
  return states.some(isChecked) ? [{ name: 'services', findings: serviceFindings(states) }] : []
}

/** What was generated for services; those without such files are passed over. */
async function generated(platform: Platform): Promise<CheckedFindings[]> {
  const found = await Promise.all(
    platform.services.map(async (service) =>
      (await hasFolder(platform, `${service.dir}/${generatedFolder}`)) ? [await generatedOf(service, platform)] : [],
    ),
  )
  const files = found.flat(2)
  return files.length > 0 ? [{ name: 'types', findings: generatedFindings(files) }] : []
}

async function check(input: VerifyInput, context: Context): Promise<CheckedFindings[]> {
  const { platform, findings } = await loadPlatform({
    file: input.file ?? 'platform.yaml',
    cwd: context.cwd,
    environment: input.env ?? 'local',
    env: context.env,
  })
  const file = { name: 'platform', findings }
  if (!platform) return [file]
  const settings = { name: 'settings', findings: offlineFindings(platform) }
  const offline = [file, settings, ...(await generated(platform))]
  return input.offline ? offline : [...offline, ...(await online(input, context))]
}

function report(verdict: Verdict, format: VerifyInput['output'], strict: boolean): Outcome['text'] {
  if (format === 'junit') return () => junitReport(verdict.checks, verdict.findings, strict)
  if (format === 'github') return () => githubAnnotations(verdict.findings)
  return (style) => verdictText(verdict, style)
}

/** 0 when everything passed, 2 when a check failed. */
export async function run(input: VerifyInput, context: Context): Promise<Outcome> {
  const verdict = judge(await check(input, context), input.strict)
  return { value: publishVerdict(verdict), text: report(verdict, input.output, input.strict), exit: verdict.exit }
}
