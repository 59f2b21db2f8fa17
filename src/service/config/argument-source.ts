// Arguments -> what they set: `--server.port=8081`, `--server.port 8081`, `--kafka.tls`.
import { didYouMean } from '../../core/did-you-mean.ts'
import type { Report } from '../../yaml/report.ts'
import { type Found, literal } from './found.ts'
import { keys } from './keys.ts'
import { keyOf, settingName } from './names.ts'

const shortNames: Readonly<Record<string, string>> = { profile: 'profiles.active', profiles: 'profiles.active' }

/** What arguments set; the last one of a name wins. What is no setting is reported. */
export function readArguments(args: readonly string[], report: Report): Found[] {
  const found: Found[] = []
  for (let at = 0; at < args.length; at++) {
    const argument = args[at]!
    const [, flag, value] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? []
    if (flag === undefined) {
      const remedy = 'settings are `--server.port=8081`'
      report.error({ code: 'unknown-key', message: `argument ${at + 1} is no setting`, remedy })
      continue
    }
    const name = nameOf(flag)
    if (name === undefined) {
      report.error({ code: 'unknown-key', message: `argument --${flag} is no setting`, remedy: remedyFor(flag) })
      // its value is no argument of its own
      if (value === undefined && isValue(args[at + 1])) at++
      continue
    }
    const text = value ?? (isValue(args[at + 1]) ? args[++at]! : impliedBy(name))
    if (text === undefined)
      report.error({ code: 'missing-key', message: `argument --${flag} has no value`, remedy: exampleOf(flag, name) })
    else
      found.unshift({
        name,
        raw: literal(text),
        source: 'arguments',
        origin: `argument --${flag}`,
        written: `--${flag}=`,
      })
  }
  return found
}

const isValue = (argument: string | undefined): boolean => argument !== undefined && !argument.startsWith('--')

const nameOf = (flag: string): string | undefined => settingName(shortNames[flag] ?? flag)

/** `--kafka.tls` says it all. */
const impliedBy = (name: string): string | undefined => (keyOf(name)?.kind.read('true') === true ? 'true' : undefined)

const exampleOf = (flag: string, name: string): string =>
  `for example \`--${flag}=${keyOf(name)?.kind.example ?? '1'}\``

const remedyFor = (flag: string): string =>
  didYouMean(flag, [...Object.keys(keys), 'profile']) ||
  'the keys of application.yaml are, and those of your own below `app.`'
